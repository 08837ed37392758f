// The demo store's own script: who is here, the shelves, the cart. It knows the widgets only as any
// store's page does, by their events, and reads the points from the same host API as they do.

const $ = (selector) => document.querySelector(selector);
const lang = document.documentElement.lang;
const STORE = '/v1/stores/acme';

const bar = $('[data-member]');
const note = $('[data-sign-in-note]');

/** A request whose failure is an answer: without a network the bar stays as it is. */
const ask = (...how) => fetch(...how).catch(() => Response.error());

/** Fills the member bar; the page itself is the same for everybody, and therefore cacheable. */
async function showMember() {
  const answer = await ask('/shop/me');
  if (!answer.ok) return;
  const { name } = await answer.json();
  bar.dataset.member = name === null ? 'out' : 'in';
  if (name === null) return;
  $('[data-name]').textContent = name;
  await showWallet();
}

async function showWallet() {
  const token = await ask('/shop/token', { method: 'POST' });
  if (!token.ok) return;
  const headers = { Authorization: `Bearer ${(await token.json()).token}` };
  const answer = await ask(`${STORE}/wallet`, { headers });
  if (!answer.ok) return;
  const { balance, rewards } = await answer.json();
  const list = $('[data-prizes]');
  const labels = rewards.map(({ reward: { label } }) => label[lang] ?? label.en);
  $('[data-points]').textContent = new Intl.NumberFormat(lang).format(balance);
  $('[data-prize-count]').textContent = labels.length;
  list.replaceChildren(...(labels.length > 0 ? labels : [list.dataset.empty]).map((text) => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  }));
}

document.addEventListener('funfair-result', ({ target }) => {
  // The points are one purse: what was won in one widget can be spent in the other.
  for (const widget of document.querySelectorAll('.stage > *')) {
    if (widget !== target) widget.refresh();
  }
  showWallet();
});
document.addEventListener('funfair-login-required', () => {
  // A signed-in shopper whose session is over is signed out here too.
  bar.dataset.member = 'out';
  note.textContent = note.dataset.asked;
  note.classList.add('asked');
  bar.scrollIntoView({ block: 'center' });
  $('#name').focus({ preventScroll: true });
});

let shelf = '';
let sought = '';

function showShelf() {
  let shown = 0;
  for (const card of document.querySelectorAll('.card')) {
    const here = (shelf === '' || card.dataset.shelf === shelf)
      && card.textContent.toLowerCase().includes(sought);
    card.hidden = !here;
    shown += Number(here);
  }
  $('[data-nothing]').hidden = shown > 0;
}

$('.shelves').addEventListener('click', ({ target }) => {
  if (!target.matches('button')) return;
  shelf = target.dataset.shelf;
  for (const button of document.querySelectorAll('.shelves button')) {
    button.setAttribute('aria-pressed', String(button === target));
  }
  showShelf();
});
$('#search').addEventListener('input', ({ target }) => {
  sought = target.value.trim().toLowerCase();
  showShelf();
});
$('.search').addEventListener('submit', (event) => {
  event.preventDefault();
  $('#goods-title').scrollIntoView();
});

const cart = $('[data-cart]');
cart.textContent = sessionStorage.getItem('acme-cart') ?? '0';
$('.grid').addEventListener('click', ({ target }) => {
  if (!target.closest('.add')) return;
  cart.textContent = String(Number(cart.textContent) + 1);
  sessionStorage.setItem('acme-cart', cart.textContent);
});

await showMember();
