// A filter rail is a <details>, sent open so that it works without script; here it is folded away where there is no room beside
// the list.
const wide = matchMedia('(min-width: 1200px)');
const set = () => document.querySelectorAll('[data-wide-open]').forEach(rail => { rail.open = wide.matches; rail.classList.add('sheet'); });
wide.addEventListener('change', set);
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#"]'), rail = link && document.getElementById(link.hash.slice(1));
  if (!rail?.matches('[data-wide-open]')) return;
  event.preventDefault();
  rail.open = !rail.open;
});
set();
