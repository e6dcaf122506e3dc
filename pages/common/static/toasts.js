// A toast goes after six seconds, later while somebody is on it.
const SECONDS = 6;

const start = toast => {
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

// Readers speak of a live region only what came into it after it was there.
const region = document.getElementById('ct-toasts');
if (region?.childElementCount) {
  const said = [...region.children];
  region.replaceChildren();
  setTimeout(() => region.append(...said), 150);
}
