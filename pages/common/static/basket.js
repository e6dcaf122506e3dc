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
const linesOf = query => query.getAll('container').map((container, place) => LINE.map(name => query.getAll(name)[place]));
// The query of an address with the lines of this page, those that were kept and are not here, amounts that were kept, and what was scanned.
const together = (before, asked) => {
  const query = new URLSearchParams(), lines = new Map(linesOf(here()).map(line => [line[0], line]));
  for (const line of linesOf(before)) if (!lines.get(line[0])?.[1]) lines.set(line[0], line);
  for (const line of lines.values()) LINE.forEach((name, place) => query.append(name, line[place]));
  const purpose = here().get('purpose') ?? before.get('purpose');
  if (query.size && purpose) query.append('purpose', purpose);
  if (asked.has('scan')) query.append('scan', asked.get('scan'));
  return `${query}`;
};
const lacks = before => linesOf(before).some(([container, amount]) => {
  const line = linesOf(here()).find(one => one[0] === container);
  return !line || (amount && !line[1]);
});

const before = new URLSearchParams(sessionStorage.getItem(kept) ?? ''), asked = new URLSearchParams(location.search);
const isFirst = together(before, asked) !== `${asked}`;           // else the server has left lines out, and would again
if (isFirst && lacks(before) && !asked.has('taken') && location.pathname === home) location.replace(`${home}?${together(before, asked)}`);
else keep();
for (const happens of ['input', 'change', 'htmx:afterSettle']) document.addEventListener(happens, keep);
form.addEventListener('submit', () => sessionStorage.removeItem(kept));
