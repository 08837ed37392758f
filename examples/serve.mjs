// A store's server, as small as one can be, in Node without packages: it serves a folder under the
// headers that `_headers` names, knows who is signed in, and hands on what is Funfair's, so that all
// is one origin. `node serve.mjs FOLDER`, with FUNFAIR_URL and what `tokens/token.mjs` needs.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join } from 'node:path';
import { mint } from './tokens/token.mjs';

const { FUNFAIR_URL: funfair, PORT = '3000' } = process.env;
const folder = process.argv[2];
const media = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** Lines of `_headers`, as many hosts read them: a path's pattern, then its headers, indented. */
const lines = existsSync(join(folder, '_headers')) ? readFileSync(join(folder, '_headers'), 'utf8') : '';
const headers = [...lines.matchAll(/^ +([\w-]+): *(.+)$/gm)].map(([, name, value]) => [name, value]);

/** Who is signed in, by session. Yours are in your own store of sessions. */
const sessions = new Map();
const shopper = (asked) => sessions.get(/(?:^|; )session=([\w-]+)/.exec(asked.headers.cookie)?.[1]);

const routes = {
  'GET /shop/token': (asked, answer) => {
    const sub = shopper(asked);
    answer.writeHead(sub ? 200 : 401, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    answer.end(JSON.stringify({ token: sub ? mint(sub) : null }));
  },
  // Yours asks for more than a name.
  'POST /shop/sign-in': async (asked, answer) => {
    let form = '';
    for await (const part of asked) if ((form += part).length > 4096) return answer.writeHead(413).end();
    const session = randomUUID();
    sessions.set(session, new URLSearchParams(form).get('name') || 'somebody');
    answer.setHeader('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
    answer.writeHead(303, { location: '/' }).end();
  },
};

function pass(asked, answer) {
  const { method, headers } = asked;
  const passed = request(funfair + asked.url, { method, headers }, (said) => {
    answer.writeHead(said.statusCode, said.headers);
    said.pipe(answer);
  });
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
}

createServer(async (asked, answer) => {
  const { pathname } = new URL(asked.url, 'http://store');
  const route = routes[`${asked.method} ${pathname}`];
  if (route) return route(asked, answer);
  if (/^\/(v1|funfair)\//.test(pathname)) return pass(asked, answer);
  const file = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  const type = media[extname(file)];
  if (!type || !existsSync(file)) return answer.writeHead(404).end();
  for (const [name, value] of headers) answer.setHeader(name, value);
  answer.setHeader('content-type', `${type}; charset=utf-8`);
  answer.end(readFileSync(file));
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`http://127.0.0.1:${this.address().port}`);
});
