// The button that moves says where to: the last name of the location that is chosen. Without script it says so after the next scan.
document.addEventListener('change', event => {
  if (event.target.id !== 'to') return;
  const [chosen] = event.target.selectedOptions;
  document.querySelectorAll('[data-to]').forEach(place => {
    place.textContent = chosen?.value ? ` to ${chosen.text.split(' › ').pop()}` : '…';
  });
  document.querySelector('[data-scan]')?.focus();
});
