// Single keys, outside of fields: / search, g and a letter, j k rows, x choose, ? the list. A scanner types these letters too, so
// a key waits until it is clear that no burst follows.
import { GAP, ofBurst, underWay } from './burst.js';

const WAIT = GAP + 10, PREFIX = 1200;
let gPressed = 0;

const inField = element => element.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]');

const rows = () => [...document.querySelectorAll('[data-row]')].filter(row => row.offsetParent);
const step = by => {
  const all = rows(), now = all.indexOf(document.activeElement.closest('[data-row]'));
  const row = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1)];
  row?.querySelector('a, button')?.focus();
};

const go = letter => {
  const link = document.querySelector(`.ct-nav a[data-key="${CSS.escape(letter)}"]`);
  if (link) location.href = link.href;
};

const act = (key, at) => {
  if (gPressed && at - gPressed < PREFIX) {
    gPressed = 0;
    return go(key);
  }
  switch (key) {
    case 'g': gPressed = at; break;
    case 'j': step(1); break;
    case 'k': step(-1); break;
    case 'x': document.activeElement.closest('[data-row]')?.querySelector('input[type=checkbox]')?.click(); break;
    case '?': document.getElementById('ct-keys')?.showModal(); break;
  }
};

// On a work page the scan field has the focus. There, g and a letter lead away when nothing else stands in the field, and nothing
// else is typed for a while: "gold" begins so too.
const PAUSE = 800;
let leaving = 0;
document.addEventListener('input', event => {
  clearTimeout(leaving);
  const field = event.target;
  if (!field.matches('[data-scan]') || !/^g[a-z]$/.test(field.value) || underWay()) return;
  leaving = setTimeout(() => { if (/^g[a-z]$/.test(field.value) && document.activeElement === field) go(field.value[1]); }, PAUSE);
});

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || inField(event.target)) return;
  if (event.key === '/' && !underWay()) {
    event.preventDefault();
    const search = document.getElementById('q');
    search?.focus();
    search?.select();
  } else if (event.key.length === 1) {
    const at = event.timeStamp, key = event.key;
    setTimeout(() => { if (!underWay() && !ofBurst(at)) act(key, at); }, WAIT);
  }
});
