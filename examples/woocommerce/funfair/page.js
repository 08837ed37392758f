// Loads the file of each kind on this page, and tells how its store's elements get their token.
const { server, store, token, nonce, login } = window.funfairPage;

async function getToken() {
  if (!nonce) return null;
  const answer = await fetch(token, { headers: { 'X-WP-Nonce': nonce }, cache: 'no-store' });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`the token: ${answer.status}`);
  return (await answer.json()).token;
}

const ask = (what) => what === 'login' && (location.assign(login), true);
const tags = [...document.querySelectorAll('[store][activity]')].map((element) => element.localName);
for (const tag of new Set(tags)) {
  const file = `${server}/funfair/0.1.0/${tag.replace('funfair-', '')}.js`;
  import(file).then(({ configure }) => configure(store, { getToken, ask }));
}
