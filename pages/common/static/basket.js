// Whoever leaves Check out finds the basket again: its lines stay in this tab until they are checked out or taken out.
// The address that the server writes after each scan has them too, but a link of the side bar does not.
const form = document.getElementById('basket'), home = new URL(form.action).pathname, kept = `basket ${home}`;

const address = () => {
  const query = new URLSearchParams();
  for (const line of form.querySelectorAll('[name$="-container_id"]')) {
    const name = line.name.replace('container_id', '');
    query.append('container', line.value);
    query.append('amount', form.elements[`${name}amount`]?.value ?? '');
    query.append('unit', form.elements[`${name}unit`]?.value ?? '');
  }
  if (query.size && form.elements.purpose.value) query.append('purpose', form.elements.purpose.value);
  return `${query}`;
};
const keep = () => {
  const now = address();
  if (now) sessionStorage.setItem(kept, now);
  else sessionStorage.removeItem(kept);
};

const before = sessionStorage.getItem(kept);
if (before && !location.search && location.pathname === home && !address()) location.replace(`${home}?${before}`);
else keep();
for (const happens of ['input', 'change', 'htmx:afterSettle']) document.addEventListener(happens, keep);
// Forget the basket when the form is sent: lines that were checked out are gone, and refused ones come back in the answer and are kept again.
form.addEventListener('submit', () => sessionStorage.removeItem(kept));
