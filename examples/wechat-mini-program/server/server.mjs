// The merchant's server: who is signed in, a ticket for the web view, the points, and the page. It
// stands before Funfair, so that all is one origin and one business domain.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { mint } from '../../tokens/token.mjs';

const { FUNFAIR_URL: funfair, FUNFAIR_STORE: store, FUNFAIR_SECRET: secret } = process.env;
const { WX_APPID, WX_SECRET, WX_API = 'https://api.weixin.qq.com', PORT = '3000' } = process.env;
const file = (name) => readFileSync(new URL(name, import.meta.url));

/** Who is signed in, by session. Yours are in your own store of sessions. */
const sessions = new Map();

/** One request of Funfair's. */
async function ask(path, init) {
  const answer = await fetch(`${funfair}/v1/stores/${store}${path}`, init);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

const routes = {
  async 'POST /login'({ code }) {
    const query = new URLSearchParams({ appid: WX_APPID, secret: WX_SECRET, js_code: code });
    const answer = await fetch(`${WX_API}/sns/jscode2session?${query}&grant_type=authorization_code`);
    const { openid } = await answer.json();
    if (!openid) return null;
    const session = randomUUID();
    sessions.set(session, openid);
    return { session };
  },
  // The signed claim `channel` is what the server goes by: here, sharing earns nothing.
  async 'POST /ticket'(_, sub) {
    if (!sub) return null;
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ token: mint(sub, { channel: 'weixin' }) });
    return ask('/tickets', { method: 'POST', headers, body });
  },
  async 'GET /points'(_, sub) {
    if (!sub) return null;
    const headers = { authorization: `Bearer ${mint(sub)}` };
    return { points: (await ask('/wallet', { headers })).balance };
  },
};

const pages = { '/game': ['text/html', file('game.html')], '/game.js': ['text/javascript', file('game.js')] };

createServer(async (asked, answer) => {
  const path = asked.url.split('?')[0];
  const route = routes[`${asked.method} ${path}`];
  if (pages[path]) {
    const [media, body] = pages[path];
    return answer.setHeader('content-type', `${media}; charset=utf-8`).end(body);
  }
  if (/^\/(v1|funfair)\//.test(path)) {
    const { method, headers } = asked;
    const passed = request(funfair + asked.url, { method, headers }, (said) => {
      answer.writeHead(said.statusCode, said.headers);
      said.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    return asked.pipe(passed);
  }
  if (!route) return answer.writeHead(404).end();
  try {
    let text = '';
    for await (const part of asked) if ((text += part).length > 4096) throw new Error('too long');
    const said = await route(JSON.parse(text || '{}'), sessions.get(asked.headers.authorization));
    answer.writeHead(said ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  } catch (error) {
    console.error(String(error));
    answer.writeHead(502).end();
  }
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`http://127.0.0.1:${this.address().port}`);
});
