// Filters are a <details>, sent open so that they work without script; here they are folded away where there is no room: a rail
// (.ct-rail) beside its list needs 1200 px, a row above it (.ct-folds) 900 px.
const wide = matchMedia('(min-width: 1200px)'), roomy = matchMedia('(min-width: 900px)');
const set = () => document.querySelectorAll('[data-wide-open]').forEach(filters => {
  filters.open = (filters.matches('.ct-rail') ? wide : roomy).matches || !!filters.querySelector('[aria-invalid=true]');
  filters.classList.add('sheet');
});
for (const room of [wide, roomy]) room.addEventListener('change', set);
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#"]'), rail = link && document.getElementById(link.hash.slice(1));
  if (!rail?.matches('[data-wide-open]')) return;
  event.preventDefault();
  rail.open = !rail.open;
});
set();
