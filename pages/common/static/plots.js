// Draws each <canvas data-plot='{"type", "labels", "sets": [{"label", "data", "colour", "steps"}], "unit"}'> with Chart.js.
// Colours come from probe elements: a custom property that holds light-dark() reads back as text, a computed colour as rgb().
const colour = name => {
  const probe = document.createElement('span');
  probe.className = `ct-probe-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

const set = ({ label, data, colour: name = 'a', steps = false }, type) => type === 'line'
  ? { label, data, borderColor: colour(name), backgroundColor: colour(name), borderWidth: 2, pointRadius: steps ? 0 : 3, tension: 0,
      stepped: steps && 'before' }
  : { label, data, backgroundColor: colour(name), borderRadius: 2 };

const draw = canvas => {
  const plot = JSON.parse(canvas.dataset.plot), unit = plot.unit ?? '';
  Chart.getChart(canvas)?.destroy();
  Object.assign(Chart.defaults, { color: colour('ink'), animation: false });
  Object.assign(Chart.defaults.font, { family: getComputedStyle(document.body).fontFamily, size: 11 });
  new Chart(canvas, {
    type: plot.type,
    data: { labels: plot.labels, datasets: plot.sets.map(one => set(one, plot.type)) },
    options: {
      responsive: true, maintainAspectRatio: false, plugins: { legend: { display: false } },
      scales: {
        x: { grid: { display: false }, border: { color: colour('line') } },
        y: { border: { display: false }, grid: { color: colour('line') }, beginAtZero: true,
             ticks: { maxTicksLimit: 5, precision: unit ? undefined : 0, callback: value => value + unit } },
      },
    },
  });
};

const drawAll = () => document.querySelectorAll('canvas[data-plot]').forEach(draw);
drawAll();
document.addEventListener('theme', drawAll);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
