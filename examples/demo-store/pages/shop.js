// The demo store's own script: who is here, the shelves, the orders. It knows the widgets only as any
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
  const { balance } = await answer.json();
  $('[data-points]').textContent = new Intl.NumberFormat(lang).format(balance);
}

/** What one widget changed, another may show: points are one purse. */
function refresh(except) {
  for (const widget of document.querySelectorAll(':is(main *)')) {
    if (widget !== except && widget.localName.startsWith('funfair-')) widget.refresh?.();
  }
  showWallet();
}

document.addEventListener('funfair-result', ({ target }) => refresh(target));
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
  const nothing = $('[data-nothing]');
  if (nothing) nothing.hidden = shown > 0;
}

$('.shelves')?.addEventListener('click', ({ target }) => {
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
  const goods = $('#goods-title');
  if (goods) goods.scrollIntoView();
  else location.href = '/';
});

const toast = $('[data-toast]');
const giveBack = toast.querySelector('button');

/** Tells what an order brought, in the words that the page carries. */
function tell(words, { points = 0, chances = 0, order = '' } = {}) {
  toast.querySelector('span').textContent = words
    .replace('{points}', points).replace('{chances}', chances);
  giveBack.hidden = order === '';
  giveBack.dataset.order = order;
  toast.classList.add('up');
}

async function order(path, form) {
  const answer = await ask(path, { method: 'POST', body: new URLSearchParams(form) });
  if (answer.status === 401) tell(toast.dataset.signIn);
  if (!answer.ok) return undefined;
  const brought = await answer.json();
  refresh();
  return brought;
}

$('.grid')?.addEventListener('click', async ({ target }) => {
  const { buy } = target.closest('.add')?.dataset ?? {};
  if (!buy) return;
  const brought = await order('/shop/orders', { sku: buy });
  if (brought) tell(toast.dataset.bought, brought);
});
giveBack.addEventListener('click', async () => {
  const brought = await order('/shop/orders/return', { order: giveBack.dataset.order });
  if (brought) tell(toast.dataset.returned);
});

await showMember();
