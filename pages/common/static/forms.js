// Forms: a busy button, the first bad field, rows that are chosen, selects that send their form.
const settle = button => {
  if (button.dataset.label === undefined) return;
  button.innerHTML = button.dataset.label;
  button.removeAttribute('aria-busy');
  delete button.dataset.label;
};

const busy = button => {
  button.dataset.label = button.innerHTML;
  button.setAttribute('aria-busy', 'true');
  const wheel = document.createElement('span');
  wheel.className = 'spinner-border spinner-border-sm';
  wheel.ariaHidden = 'true';
  button.replaceChildren(wheel, button.dataset.busy);
};

// A second press while the first is on its way does nothing. (The form's key makes it harmless without script too.)
document.addEventListener('submit', event => {
  const button = event.submitter ?? event.target.querySelector('[data-busy]');
  if (!button?.dataset.busy) return;
  if (button.ariaBusy === 'true') {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.target.hasAttribute('data-download')) return;
  const byHtmx = event.target.matches('[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]');
  setTimeout(() => { if (byHtmx || !event.defaultPrevented) busy(button); });      // disable the button only after the request has left
}, true);
document.addEventListener('htmx:afterRequest', event => event.detail.elt.querySelectorAll?.('[aria-busy=true]').forEach(settle));
addEventListener('pageshow', () => document.querySelectorAll('[aria-busy=true]').forEach(settle));

const firstBad = root => root.querySelector?.('[aria-invalid=true]')?.focus();
requestAnimationFrame(() => firstBad(document));      // after the browser's own autofocus
document.addEventListener('htmx:load', event => firstBad(event.detail.elt));

document.addEventListener('change', event => {
  const element = event.target;
  if (element.matches('[data-submit]')) element.form?.requestSubmit();
  if (element.matches('[data-choose-all]')) {
    element.closest('table').querySelectorAll('tbody input[type=checkbox]').forEach(box => { box.checked = element.checked; });
  }
  if (element.matches('[type=checkbox]')) showChosen();
});

const showChosen = () => {
  const chosen = document.querySelectorAll('[data-row] input[type=checkbox]:checked').length;
  document.querySelectorAll('[data-chosen-count]').forEach(place => { place.textContent = chosen; });
  document.querySelectorAll('[data-chosen-bar]').forEach(bar => { bar.hidden = chosen === 0; });
};
showChosen();
document.addEventListener('htmx:afterSwap', showChosen);

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  const label = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = label; }, 1500);
});

// A field that somebody changes is no longer as the reference said.
document.addEventListener('input', ({ target }) => {
  target.closest('[id^="f-"]')?.querySelectorAll('[data-origin]').forEach(mark => mark.remove());
});
