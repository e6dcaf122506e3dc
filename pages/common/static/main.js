// The scripts of every page. Each page works without them: they only save a click, a key or a wait.
import './keys.js';
import './suggest.js';
import './carry.js';
import './scan.js';
import './forms.js';
import './dialogs.js';
import './toasts.js';
import './theme.js';
import './wide.js';
import './session.js';

// No answer came, so the page itself has to say that the server is unreachable.
document.addEventListener('htmx:sendError', () => {
  const note = document.createElement('div');
  note.className = 'ct-note danger';
  note.textContent = 'The inventory cannot be reached. Nothing you typed is lost; try again in a minute.';
  document.getElementById('ct-problem')?.replaceChildren(note);
});

// The session ended and the user signed in again in another tab: the forms of this page get the token of the new session.
document.addEventListener('ct-token', event => {
  const token = event.detail.value;
  document.querySelectorAll('input[name=csrf_token]').forEach(field => { field.value = token; });
  document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRFToken': token }));
});
