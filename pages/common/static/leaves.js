// What an amount would leave, while it is typed. The server says what one of each unit is in the container's own, and has the last
// word: this only shows.
const plain = number => Number(number.toPrecision(12)).toFixed(9).replace(/\.?0+$/, '');

const show = line => {
  const { left, unit, factors } = JSON.parse(line.dataset.leaves), place = line.querySelector('[data-leaves-out]');
  const typed = line.querySelector('input:not([type=hidden])').value.trim(), factor = factors[line.querySelector('select').value];
  const rest = /^(\d+\.?\d*|\.\d+)$/.test(typed) && factor ? Number(left) - Number(typed) * Number(factor) : NaN;
  place.hidden = !(rest > -1e-9);
  if (!place.hidden) place.querySelector('b').textContent = `${plain(Math.max(rest, 0))} ${unit}`;
};

const changed = event => {
  const line = event.target.closest('[data-leaves]');
  if (line) show(line);
};
document.addEventListener('input', changed);
document.addEventListener('change', changed);
