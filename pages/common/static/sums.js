// A sum of typed whole numbers, in words: <span data-sum="[data-counted]" data-one="container" data-many="containers">. A field without
// a readable number counts as one, because its line of the form still stands for one container.
const sum = () => document.querySelectorAll('[data-sum]').forEach(place => {
  const fields = [...document.querySelectorAll(place.dataset.sum)];
  const total = fields.reduce((all, field) => all + (/^\d{1,3}$/.test(field.value.trim()) ? Number(field.value) : 1), 0);
  place.textContent = `${total} ${total === 1 ? place.dataset.one : place.dataset.many}`;
});
document.addEventListener('input', sum);
document.addEventListener('htmx:load', sum);
sum();
