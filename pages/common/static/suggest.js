// Suggestions: a field with role="combobox", and the listbox that its aria-controls names. htmx fetches the options while a person
// types; arrows move among them, Enter takes the highlighted or the only one, Escape closes. What a scanner types is a scan.
import { underWay } from './burst.js';

const fields = () => [...document.querySelectorAll('[role=combobox][aria-controls]')];
const listOf = field => document.getElementById(field.getAttribute('aria-controls'));
const optionsOf = field => [...listOf(field)?.querySelectorAll('[role=option]') ?? []];
const isOpen = field => field.ariaExpanded === 'true';

const highlight = (field, option) => {
  for (const one of optionsOf(field)) one.ariaSelected = String(one === option);
  if (option) {
    field.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  } else field.removeAttribute('aria-activedescendant');
};
const show = (field, open) => {
  const list = listOf(field);
  if (!list) return;
  list.hidden = !open || !optionsOf(field).length;
  field.ariaExpanded = String(!list.hidden);
  highlight(field, null);
};

// The option that the text means: the only one, or the one of this name. Enter takes it as long as the list belongs to the text in the field.
const onlyOne = field => {
  const only = listOf(field).querySelector('[data-only]');
  return only?.dataset.only === field.value.trim() ? only : null;
};

// Listen on the window in the capture phase, before a scan field takes Enter.
addEventListener('keydown', event => {
  const field = event.target;
  if (!field.matches?.('[role=combobox][aria-controls]') || event.isComposing || !isOpen(field)) return;
  const options = optionsOf(field), now = options.findIndex(one => one.ariaSelected === 'true');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = now + step;
    highlight(field, options[next < -1 ? options.length - 1 : next] ?? null);
  } else if (event.key === 'Escape') show(field, false);
  else if (event.key === 'Enter') {
    const option = underWay() ? null : options[now] ?? onlyOne(field);
    if (!option) return;
    option.click();
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// An answer that comes late is not shown if its field has lost the focus or is empty again.
document.addEventListener('htmx:afterSwap', event => {
  for (const field of fields()) if (listOf(field) === event.detail.target) show(field, document.activeElement === field && field.value.trim() !== '');
});
const leave = to => fields().forEach(field => {
  if (isOpen(field) && listOf(field).matches('.ct-menu') && to !== field && !listOf(field).contains(to)) show(field, false);
});
// The focus stays in the field when an option is pressed: the answer may replace the option.
document.addEventListener('mousedown', event => {
  if (event.target.closest?.('.ct-menu [role=option]')) event.preventDefault();
});
document.addEventListener('pointerdown', event => leave(event.target));
document.addEventListener('focusin', event => leave(event.target));
