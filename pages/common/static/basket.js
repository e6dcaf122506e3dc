// Whoever leaves Check out finds the basket again: its lines stay in this tab until the form is sent or they are taken out. A container with
// which another page leads here comes to these lines. Who is quick sends the form before this script runs, so an address with ?taken,
// by which the server says that something was taken, also means that only the lines of the page are left.
const form = document.getElementById('basket'), home = new URL(form.action).pathname, kept = `basket ${home}`;
const LINE = ['container', 'amount', 'unit'];

const here = () => {
  const query = new URLSearchParams();
  for (const line of form.querySelectorAll('[name$="-container_id"]')) {
    const name = line.name.replace('container_id', '');
    query.append('container', line.value);
    query.append('amount', form.elements[`${name}amount`]?.value ?? '');
    query.append('unit', form.elements[`${name}unit`]?.value ?? '');
  }
  if (query.size && form.elements.purpose.value) query.append('purpose', form.elements.purpose.value);
  return query;
};
const keep = () => {
  const now = here();
  if (now.size) sessionStorage.setItem(kept, now);
  else sessionStorage.removeItem(kept);
};
// The query of an address with the lines of this page, those of `before` that it does not have, and what was scanned.
const together = (before, asked) => {
  const query = here(), there = query.getAll('container');
  before.getAll('container').forEach((container, line) => {
    if (!there.includes(container)) for (const name of LINE) query.append(name, before.getAll(name)[line]);
  });
  const purpose = before.get('purpose');
  if (purpose && !query.has('purpose')) query.append('purpose', purpose);
  if (asked.has('scan')) query.append('scan', asked.get('scan'));
  return `${query}`;
};

const before = new URLSearchParams(sessionStorage.getItem(kept) ?? ''), asked = new URLSearchParams(location.search);
const there = here().getAll('container');
const missing = before.getAll('container').some(container => !there.includes(container));
if (missing && !asked.has('taken') && location.pathname === home && together(before, asked) !== `${asked}`) {
  location.replace(`${home}?${together(before, asked)}`);
} else keep();
for (const happens of ['input', 'change', 'htmx:afterSettle']) document.addEventListener(happens, keep);
form.addEventListener('submit', () => sessionStorage.removeItem(kept));
