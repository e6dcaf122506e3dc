// Shows, while an amount is typed, how much would be left in the container. The server gives the factor of each unit to the
// container's unit; only the server decides whether the amount may be taken.
// A quotient with endless decimals is shown with four digits, as docs/amounts.md says.
const plain = number => {
  const ends = Math.abs(number * 1e6 - Math.round(number * 1e6)) < 1e-3;
  const text = number.toFixed(ends ? 6 : Math.max(0, 3 - Math.floor(Math.log10(number))));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};

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
