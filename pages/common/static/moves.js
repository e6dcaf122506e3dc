// Writes the chosen location's own name on the button that moves. Without script the button shows the name after the next scan.
const show = select => {
  const [chosen] = select.selectedOptions;
  document.querySelectorAll('[data-to]').forEach(place => {
    place.textContent = chosen?.value ? ` to ${chosen.text.split(' › ').pop()}` : '…';
  });
};

document.addEventListener('change', event => {
  if (event.target.id !== 'to') return;
  show(event.target);
  document.querySelector('[data-scan]')?.focus();
});
const select = document.getElementById('to');
if (select) show(select);           // somebody may have chosen before this script was loaded
