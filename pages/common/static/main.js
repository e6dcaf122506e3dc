// What every page has. Each page works without it: these only spare a click, a key or a wait.
import './keys.js';
import './scan.js';
import './forms.js';
import './dialogs.js';
import './toasts.js';
import './theme.js';
import './wide.js';

// The server cannot answer for itself when it is not there.
document.addEventListener('htmx:sendError', () => {
  const note = document.createElement('div');
  note.className = 'ct-note danger';
  note.textContent = 'The inventory cannot be reached. Nothing you typed is lost; try again in a minute.';
  document.getElementById('ct-problem')?.replaceChildren(note);
});
