// Shows the first label anew when paper or fields change. Without script the page shows it as the lab prints its labels.
const form = document.getElementById('print');
let waiting = false, drawing = false;

const address = picture => {
  const asked = new URLSearchParams(new FormData(form)), first = asked.get('container');
  if (!first && form.querySelector('[name=container]')) return '';      // no label is chosen
  asked.delete('container');
  asked.delete('format');               // the picture is the same for each
  asked.delete('skip');
  if (first) asked.set('container', first);
  return `${picture.dataset.picture}?${asked}`;
};
// One picture after the other: each is drawn by a process of the server.
const show = () => {
  const picture = document.querySelector('[data-picture]'), next = picture && address(picture);
  if (!next) return;
  waiting = drawing;
  if (drawing) return;
  drawing = true;
  picture.onload = picture.onerror = () => { drawing = false; if (waiting) show(); };
  picture.src = next;
};
form?.addEventListener('change', event => { if (event.target.matches('[name=sheet], [name=field], [name=container]')) show(); });
// A scan has added a container, and the page shows its label with the lab's fields.
document.addEventListener('htmx:afterSettle', event => { if (event.detail.elt.id === 'chosen') show(); });
