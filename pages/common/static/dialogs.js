// A link with data-dialog opens a dialog: the one whose #id it names, or the confirm section of the page it leads to.
// A field of the fetched page may have the same id as a field of this page.
const distinguish = (element, body) => {
  if (!document.getElementById(element.id)) return;
  const taken = element.id;
  element.id = `dialog-${taken}`;
  for (const name of ['for', 'aria-describedby']) {
    body.querySelectorAll(`[${name}="${CSS.escape(taken)}"]`).forEach(other => other.setAttribute(name, element.id));
  }
};

const MENUS = 'details.ct-lab[open], details.ct-more[open], details.ct-pop[open]';

const fetched = async href => {
  const answer = await fetch(href, { headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const body = page.querySelector('[data-dialog-body]');
  if (!answer.ok || !body) return null;
  const dialog = document.createElement('dialog');
  dialog.className = 'ct-dialog';
  dialog.setAttribute('aria-label', body.querySelector('h1')?.textContent ?? '');
  body.removeAttribute('aria-labelledby');
  body.querySelectorAll('[id]').forEach(element => distinguish(element, body));
  body.classList.remove('ct-panel');
  dialog.append(document.adoptNode(body));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  window.htmx?.process(dialog);
  return dialog;
};

document.addEventListener('click', async event => {
  const close = event.target.closest('[data-close]'), opener = event.target.closest('a[data-dialog]');
  if (close?.closest('dialog')) {
    event.preventDefault();
    const dialog = close.closest('dialog');
    if (dialog.matches(':target')) location.hash = '';
    dialog.close();
  } else if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const id = opener.getAttribute('href');
    const dialog = id.startsWith('#') ? document.querySelector(id) : await fetched(opener.href).catch(() => null);
    if (dialog) dialog.showModal();
    else location.href = opener.href;
  } else if (event.target.matches('dialog[open]')) {
    event.target.close();                      // a click on the backdrop
  } else {
    // a menu closes when one clicks elsewhere
    document.querySelectorAll(MENUS).forEach(menu => { if (!menu.contains(event.target)) menu.open = false; });
  }
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector(MENUS);
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
