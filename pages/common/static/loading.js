// A form with data-load is sent by fetch, and its answer, a line of JSON after each step, moves the bar. Without this script
// the form waits and ends on the same page.
const bar = document.querySelector('[data-load-bar]'), progress = document.querySelector('[data-load-progress]');

const show = ({ loaded, of }) => {
  progress.querySelector('[data-loaded]').textContent = loaded.toLocaleString('en-GB');
  progress.querySelector('[data-of]').textContent = of.toLocaleString('en-GB');
  progress.querySelector('.a').setAttribute('width', of ? 100 * loaded / of : 100);
};

const refuse = sentence => {
  const note = document.createElement('div');
  note.className = 'ct-note danger';
  note.textContent = sentence;
  document.getElementById('ct-problem').replaceChildren(note);
  [bar.hidden, progress.hidden] = [false, true];
  scrollTo(0, 0);
};

const load = async (form, body) => {
  const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/x-ndjson' } });
  if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('application/x-ndjson')) return form.submit();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let last = {};
  for (let rest = '';;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      last = JSON.parse(line);
      if ('of' in last) show(last);
    }
  }
  if (last.problem) refuse(last.problem.detail);
  else location.href = form.action.replace(/\/commit$/, '');       // also after a lost connection: the page shows how far the load came
};

document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches('[data-load]')) return;
  event.preventDefault();
  [bar.hidden, progress.hidden] = [true, false];
  load(form, new FormData(form)).catch(() => refuse('The connection was lost. Open the page again to see whether the rows were loaded.'));
});
