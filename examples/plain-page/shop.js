// The store's own script: what the page does when the wheel says something.
const form = document.getElementById('sign-in');

document.addEventListener('funfair-login-required', () => {
  form.hidden = false;
  form.elements.name.focus();
});
document.addEventListener('funfair-result', ({ detail }) => {
  document.getElementById('won').textContent = `Your play is ${detail.id}.`;
});
// `activity_unknown`, `offline` and so on: what stands between the tags is shown meanwhile.
document.addEventListener('funfair-error', ({ detail }) => console.warn(`Funfair: ${detail}`));
