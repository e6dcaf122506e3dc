// A toast disappears after six seconds, but not while the pointer or the focus is on it, nor where it says data-stays.
const SECONDS = 6;

const start = toast => {
  if ('stays' in toast.dataset) return;
  let left = setTimeout(() => toast.remove(), SECONDS * 1000);
  const hold = () => clearTimeout(left);
  const release = () => { hold(); left = setTimeout(() => toast.remove(), SECONDS * 1000); };
  toast.addEventListener('pointerenter', hold);
  toast.addEventListener('focusin', hold);
  toast.addEventListener('pointerleave', release);
  toast.addEventListener('focusout', release);
};

document.querySelectorAll('.ct-toast').forEach(start);
document.addEventListener('htmx:oobAfterSwap', event => document.querySelectorAll('#ct-toasts .ct-toast').forEach(start));

// Screen readers announce only text that is added to a live region after the region exists.
const region = document.getElementById('ct-toasts');
if (region?.childElementCount) {
  const shown = [...region.children];
  region.replaceChildren();
  setTimeout(() => region.append(...shown), 150);
}
