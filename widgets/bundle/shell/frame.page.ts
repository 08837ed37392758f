// The page in the frame (`GET …/frame`): one widget, and the conversation with the page around it.
//
// **The server has written this page for one origin**, which the address names and the policy's
// `frame-ancestors` holds the browser to. To it alone anything is said, and what counts came from it,
// from the window right above.

import { hosts } from './host';

const element = document.querySelector<HTMLElement & { refresh(): void }>('[store]')!;
const origin = new URL(location.href).searchParams.get('origin')!;

/** How long the page around may take to answer with a token. */
const PATIENCE_MS = 10000;

type Answer = (token: string | null, failed: boolean) => void;
const waiting = new Map<number, Answer>();
let asked = 0;

function tell(funfair: string, more: Record<string, unknown>): void {
  window.parent.postMessage({ funfair, ...more }, origin);
}

function getToken(): Promise<string | null> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, (token, failed) => {
      waiting.delete(id);
      if (failed) reject(new Error('no token'));
      else resolve(token);
    });
    setTimeout(() => waiting.get(id)?.(null, true), PATIENCE_MS);
    tell('token', { id });
  });
}

window.addEventListener('message', ({ data, origin: from, source }) => {
  if (from !== origin || source !== window.parent || !data) return;
  if (data.funfair === 'token') {
    const token = typeof data.token === 'string' ? data.token : null;
    waiting.get(data.id)?.(token, !!data.failed);
  }
  if (data.funfair === 'set') {
    for (const name of ['lang', 'theme']) if (typeof data[name] === 'string') element.setAttribute(name, data[name]);
    if (data.scheme) document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')!.content = String(data.scheme);
  }
  if (data.funfair === 'refresh' || (data.funfair === 'set' && data.scheme)) element.refresh();
});

hosts.configure(element.getAttribute('store')!, {
  getToken,
  note: (name, detail) => tell('event', { name, detail }),
  // Whoever is around is told by the event, and sees to it.
  ask: () => true,
});

document.body.style.margin = '0';
if (window.ResizeObserver) {
  const measure = (): void => tell('height', { height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  new ResizeObserver(measure).observe(document.documentElement);
}
