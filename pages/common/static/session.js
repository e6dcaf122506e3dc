// When the session ends, what the page shows of the lab is removed, also where the server cannot be reached: when the time is up, when the
// user signs out in any tab, and when somebody else signs in. The tabs of a browser tell each other that the session is in use.
const EVERY = 5000;                           // milliseconds between two looks at the clock, which also goes on while a computer sleeps

const watch = ({ user, left, idle }) => {
  const tabs = new BroadcastChannel('chemtrack-session');
  let latest = Date.now() + 1000 * left, until, typed;

  const use = () => {
    until = Math.min(latest, Date.now() + 1000 * idle);
    tabs.postMessage({ user, until, latest });
  };

  // A form in which somebody had typed stays in the page, hidden: the server keeps it while they sign in, and then asks whether to send it.
  const keep = page => {
    if (!typed?.isConnected || typed.querySelector('[type=password]')) return;
    const form = page.querySelector('form');
    [form.method, form.action] = ['post', typed.action];          // with the token of the form in which somebody typed
    for (const [name, value] of new FormData(typed)) {
      if (typeof value !== 'string') continue;
      const field = document.createElement('input');
      [field.type, field.name, field.value] = ['hidden', name, value];
      form.append(field);
    }
    form.hidden = false;
    page.querySelector('a').hidden = true;
  };

  const check = () => {
    const over = document.getElementById('ct-over');          // gone from the page once it has been put in the page's place
    if (!over || Date.now() < until) return;
    const page = over.content.cloneNode(true);
    keep(page);
    // Answers that are still on their way have no place in the emptied page.
    for (const asking of document.querySelectorAll('[hx-get], [hx-post]')) asking.dispatchEvent(new CustomEvent('htmx:abort'));
    document.title = 'ChemTrack';
    document.body.className = '';
    document.body.replaceChildren(page);
    document.getElementById('main').focus();
  };

  const end = () => { [until, latest, typed] = [0, 0, null]; };

  tabs.addEventListener('message', ({ data }) => {
    if (data.user !== user) end();
    else [until, latest] = [Math.max(until, data.until), Math.max(latest, data.latest)];
    check();
  });
  document.addEventListener('submit', event => {
    if (new URL(event.target.action).pathname !== '/logout') return;
    end();
    tabs.postMessage({ user: null });
  });
  document.addEventListener('input', event => {
    if (event.target.form?.method === 'post') typed = event.target.form;
  });
  document.addEventListener('htmx:afterRequest', event => { if (event.detail.successful) use(); });
  document.addEventListener('visibilitychange', check);
  addEventListener('pageshow', check);
  setInterval(check, EVERY);
  use();
};

if (document.body.dataset.session) watch(JSON.parse(document.body.dataset.session));
