// What Shopify's app proxy asks the app for: the token of the customer who is signed in at the shop.
// SHOPIFY_SHOP=acme.myshopify.com SHOPIFY_SECRET=… and what `../../tokens/token.mjs` needs.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const { SHOPIFY_SHOP: shop, SHOPIFY_SECRET: secret, PORT = '3000' } = process.env;

/** How old a request may be; Shopify's clock and ours differ a little. */
const SECONDS = 60;

/**
 * Whether Shopify has signed this query: all parameters but the signature, each `name=value` with the
 * values of one name joined by commas, sorted, put together without anything between, HMAC-SHA-256.
 */
export function isSigned(query, secret) {
  const told = Buffer.from(query.get('signature') || '', 'hex');
  const names = [...new Set(query.keys())].filter((name) => name !== 'signature');
  const message = names.map((name) => `${name}=${query.getAll(name).join(',')}`).sort().join('');
  const made = createHmac('sha256', secret).update(message).digest();
  return told.length === made.length && timingSafeEqual(told, made);
}

/** The customer whom Shopify names, '' for nobody, null where this is no request of Shopify's. */
export function customer(query, { shop, secret, now }) {
  if (!isSigned(query, secret)) return null;
  // A page may add parameters of its own, which Shopify signs, too: of these there is one each.
  const names = ['shop', 'timestamp', 'logged_in_customer_id'];
  if (names.some((name) => query.getAll(name).length !== 1)) return null;
  const [from, at, id] = names.map((name) => query.get(name));
  const fresh = Math.abs(now / 1000 - Number(at)) <= SECONDS;
  return from === shop && fresh && /^\d*$/.test(id) ? id : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mint } = await import('../../tokens/token.mjs');
  createServer((asked, answer) => {
    const { pathname, searchParams } = new URL(asked.url, 'http://app');
    if (pathname !== '/proxy/token') return answer.writeHead(404).end();
    const id = customer(searchParams, { shop, secret, now: Date.now() });
    if (id === null) return answer.writeHead(401).end();
    // Nobody is an answer like any other: what Shopify shows in the place of an error is no JSON.
    const token = id ? mint(`shopify-${id}`) : null;
    answer.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    answer.end(JSON.stringify({ token }));
  }).listen(Number(PORT), '127.0.0.1', function () {
    console.log(`http://127.0.0.1:${this.address().port}`);
  });
}
