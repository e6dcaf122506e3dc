// `ask` puts a question to the user in a dialog; `say` shows a sentence as a toast.

// Asks in a dialog; true if the first answer was chosen. Enter alone chooses no answer, because scanners send Enter too.
export const ask = (title, text, yes, no) => new Promise(answer => {
  const dialog = document.createElement('dialog'), body = document.createElement('div'), foot = document.createElement('footer');
  const head = document.createElement('h2'), words = document.createElement('p');
  dialog.className = 'ct-dialog';
  dialog.tabIndex = -1;
  dialog.setAttribute('aria-label', title);
  body.className = 'pad ct-stack s';
  head.textContent = title;
  words.textContent = text;
  body.append(head, words);
  let is = false;
  for (const [label, value, kind] of [[no, false, 'btn'], [yes, true, 'btn btn-primary']]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = kind;
    button.textContent = label;
    button.addEventListener('click', () => { is = value; dialog.close(); });
    foot.append(button);
  }
  dialog.append(body, foot);
  dialog.addEventListener('close', () => { dialog.remove(); answer(is); });
  document.body.append(dialog);
  dialog.showModal();
  dialog.focus();
});

// Shows a sentence for some seconds, where toasts appear.
export const say = text => {
  const toast = document.createElement('div'), words = document.createElement('span');
  toast.className = 'ct-toast';
  words.textContent = text;
  toast.append(words);
  document.getElementById('ct-toasts')?.append(toast);
  setTimeout(() => toast.remove(), 6000);
};
