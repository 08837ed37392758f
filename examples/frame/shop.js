// The store's own script. `frame.js` is Funfair's, served by the store itself.
import { frame } from './frame.js';

async function getToken() {
  const answer = await fetch('/shop/token', { cache: 'no-store' });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`the token: ${answer.status}`);
  return (await answer.json()).token;
}

const { element } = frame(document.querySelector('main'), {
  server: 'https://funfair.example',
  store: 'acme',
  activity: 'wheel',
  title: 'Prize wheel',
  lang: document.documentElement.lang,
  getToken,
});

element.addEventListener('funfair-login-required', () => {
  const form = document.getElementById('sign-in');
  form.hidden = false;
  form.elements.name.focus();
});
element.addEventListener('funfair-result', ({ detail }) => {
  document.getElementById('won').textContent = `Your play is ${detail.id}.`;
});
