// What a person types or chooses while the server's answer is on its way stays. Fields that the answer replaces hand it on to the
// fields that take their place; a part of the page beside them (hx-swap-oob) in which something was changed is not replaced.

const FIELDS = 'input:not([type=hidden], [type=file], [type=password]), textarea, select';
const isChoice = field => field.matches('[type=checkbox], [type=radio]');
const stateOf = field => (isChoice(field) ? field.checked : field.value);

// A line's field is recognised by its line (data-line), because the answer may have put another line above it.
const nameOf = field => {
  const line = field.closest('[data-line]');
  const name = line ? `${line.dataset.line}:${field.name.replace(/^lines-\d+-/, '')}` : field.name;
  return isChoice(field) ? `${name}=${field.value}` : name;
};

// The field that has replaced `field` after an answer, or `field` itself.
export const successor = field => {
  if (field.isConnected) return field;
  return [...document.querySelectorAll(FIELDS)].find(other => nameOf(other) === field.dataset.wasNamed) ?? null;
};

const atStart = new WeakMap();      // the state of each field when a request left
document.addEventListener('htmx:beforeRequest', ({ detail: { xhr } }) => {
  atStart.set(xhr, new Map([...document.querySelectorAll(FIELDS)].map(field => [field, stateOf(field)])));
});

let before = new Map(), typed = new Map(), typing = null, isKept = false;
const isChanged = field => before.has(field) && before.get(field) !== stateOf(field) && !field.matches('[data-scan]');
const fieldsIn = part => [...part.querySelectorAll?.(FIELDS) ?? []].filter(field => field.name);
const willGo = part => fieldsIn(part).forEach(field => { field.dataset.wasNamed = nameOf(field); });

document.addEventListener('htmx:beforeSwap', ({ detail: { target, xhr, shouldSwap } }) => {
  [before, typed, typing, isKept] = [atStart.get(xhr) ?? new Map(), new Map(), null, false];
  if (!shouldSwap) return;
  willGo(target);
  for (const field of fieldsIn(target).filter(isChanged)) {
    typed.set(nameOf(field), field);
    if (field === document.activeElement) typing = nameOf(field);
  }
});
document.addEventListener('htmx:oobBeforeSwap', event => {
  const { target } = event.detail;
  willGo(target);
  if (!fieldsIn(target).some(isChanged)) return;
  event.detail.shouldSwap = false;
  isKept = true;
});

// Lines that the answer added to a text, scanned barcodes for instance, are added to what was typed meanwhile.
const joined = (old, answer) => {
  const sent = before.get(old).split('\n');
  return [old.value, ...answer.split('\n').filter(line => line && !sent.includes(line) && !old.value.split('\n').includes(line))].join('\n');
};
const handOn = (old, field) => {
  if (isChoice(field)) field.checked = old.checked;
  else if (field.matches('textarea')) field.value = joined(old, field.value);
  else if (!field.matches('select') || [...field.options].some(option => option.value === old.value)) field.value = old.value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  if (nameOf(field) !== typing) return;
  field.focus();
  if (!isChoice(field) && field.selectionStart != null) field.setSelectionRange(old.selectionStart, old.selectionEnd);
};
document.addEventListener('htmx:afterSwap', () => {
  for (const field of typed.size ? document.querySelectorAll(FIELDS) : []) {
    const old = typed.get(nameOf(field));
    if (old && !old.isConnected) handOn(old, field);
  }
  typed = new Map();
});

// Tells the page that an answer did not replace a part of it; what else the answer says of that part may not be true.
document.addEventListener('htmx:afterRequest', () => {
  if (isKept) document.body.dispatchEvent(new Event('ct-kept'));
  isKept = false;
});

// Whether the user was typing in a field that the last answer replaced; then the focus must stay there.
export const isTyping = () => typing !== null && document.activeElement?.matches?.(FIELDS) && nameOf(document.activeElement) === typing;
