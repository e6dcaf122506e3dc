// The server keeps the theme in a cookie. This script also changes the page at once, without a reload that would empty a half-filled form.
const dark = () => document.documentElement.dataset.bsTheme === 'dark'
  || !document.documentElement.dataset.bsTheme && matchMedia('(prefers-color-scheme: dark)').matches;

const show = () => {
  const next = dark() ? 'light' : 'dark';
  document.querySelectorAll('[data-theme-form] button').forEach(button => {
    button.value = next;
    const words = button.querySelector('span');
    if (words) words.textContent = `Switch to ${next}`;
    else button.ariaLabel = `Switch to ${next}`;
  });
};

document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.matches('[data-theme-form]')) return;
  event.preventDefault();
  const theme = dark() ? 'light' : 'dark', data = new FormData(form);
  data.set('theme', theme);
  document.documentElement.dataset.bsTheme = theme;
  show();
  document.dispatchEvent(new CustomEvent('theme'));
  await fetch(form.action, { method: 'POST', body: new URLSearchParams(data), redirect: 'manual' });
});
show();
