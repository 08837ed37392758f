// A stand-in for a Shopify storefront: renders a theme app extension's block with its settings, serves
// the extension's assets, signs customers in, and hands /apps/funfair/… on as the app proxy does.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Liquid } from 'liquidjs';

const { EXTENSION, SETTINGS, SHOP, SECRET } = process.env;
const app = process.env.APP;
const read = (path) => readFileSync(`${EXTENSION}/${path}`, 'utf8');

let schema;
const engine = new Liquid();
engine.registerTag('schema', {
  parse(_, rest) {
    const parts = [];
    for (let token = rest.shift(); token && token.name !== 'endschema'; token = rest.shift()) parts.push(token.getText());
    schema = JSON.parse(parts.join(''));
  },
  render: () => '',
});
engine.registerFilter('t', function (key) {
  const words = JSON.parse(read(`locales/${this.context.get(['locale_file'])}.json`));
  const found = key.split('.').reduce((at, name) => at?.[name], words);
  return found ?? `translation missing: ${key}`;
});

async function page(query) {
  const locale = query.get('locale') || 'en';
  const html = await engine.parseAndRender(read('blocks/spin-wheel.liquid'), {
    block: { settings: query.has('unset') ? {} : JSON.parse(SETTINGS), shopify_attributes: 'data-shopify-editor-block="{}"' },
    request: { locale: { iso_code: locale }, design_mode: query.has('design') },
    routes: { account_login_url: '/account/login' },
    locale_file: locale === 'en' ? 'en.default' : locale,
  });
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>Lamp</title>
    <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/cdn/${schema.stylesheet}"></head><body><h1>Lamp</h1>${html}
    <script src="/cdn/${schema.javascript}" defer></script></body></html>`;
}

/** What the app gets: the page's own parameters, Shopify's, and the signature over all of them. */
function signed(query, customer) {
  const own = { logged_in_customer_id: customer, path_prefix: '/apps/funfair', shop: SHOP, timestamp: Math.floor(Date.now() / 1000) };
  for (const [name, value] of Object.entries(own)) query.append(name, value);
  const values = {};
  for (const [name, value] of query) (values[name] ||= []).push(value);
  const lines = Object.keys(values).map((name) => `${name}=${values[name].join(',')}`);
  query.append('signature', createHmac('sha256', SECRET).update(lines.sort().join('')).digest('hex'));
  return query;
}

let customer = '';
createServer(async (asked, answer) => {
  const { pathname, searchParams } = new URL(asked.url, 'http://shop');
  const send = (type, body) => answer.setHeader('content-type', `${type}; charset=utf-8`).end(body);
  if (pathname === '/products/lamp') return send('text/html', await page(searchParams));
  if (pathname.startsWith('/cdn/')) {
    const name = pathname.slice(5);
    return send(name.endsWith('.css') ? 'text/css' : 'text/javascript', read(`assets/${name}`));
  }
  if (pathname === '/account/login') {
    const back = searchParams.get('return_url');
    if (asked.method === 'GET') return send('text/html', '<!doctype html><form method="post"><button>Sign in</button></form>');
    customer = '4711';
    return answer.writeHead(303, { location: back }).end();
  }
  if (pathname.startsWith('/apps/funfair/')) {
    const path = pathname.replace('/apps/funfair', '/proxy');
    const said = await fetch(`${app}${path}?${signed(searchParams, customer)}`);
    answer.writeHead(said.status, { 'content-type': said.headers.get('content-type') || 'text/plain' });
    return answer.end(await said.text());
  }
  answer.writeHead(404).end();
}).listen(0, '127.0.0.1', function () {
  console.log(`http://127.0.0.1:${this.address().port}`);
});
