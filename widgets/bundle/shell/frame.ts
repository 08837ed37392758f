// For a page that may load nothing of ours but a frame: puts it there, and speaks for the page. A file
// of its own, which such a page serves from its own origin.
//
// **Exact origins both ways.** What is said goes to the server's origin alone; what is heard counts
// only if that origin said it, in this very frame.

import { Asked } from './host';

export interface Framed {
  /** The origin (and prefix) of the Funfair server. */
  server: string;
  store: string;
  activity: string;
  /** What the frame is to those who cannot see it. */
  title: string;
  /** A fresh token, or null where nobody is signed in. */
  getToken?: () => Promise<string | null>;
  lang?: string;
  theme?: string;
  /** Whether this page is light or dark; light without it. */
  scheme?: 'light' | 'dark';
}

export interface Frame {
  /** Where the widget's events are dispatched, under their own names. */
  element: HTMLIFrameElement;
  /** Changes language, theme or scheme. */
  set: (looks: Pick<Framed, 'lang' | 'theme' | 'scheme'>) => void;
  /** Reads everything again: after signing in or out, for example. */
  refresh: () => void;
  /** Takes it out of the page. */
  remove: () => void;
}

/** Higher than any widget. */
const MOST_PX = 10000;

/** Puts a widget in a frame, as the last child of `at`. */
export function frame(at: Element, framed: Framed): Frame {
  const { server, store, activity, title, lang, theme, scheme } = framed;
  const { origin } = new URL(server, location.href);
  const element = document.createElement('iframe');
  const say = (funfair: string, more: Record<string, unknown> = {}): void =>
    element.contentWindow?.postMessage({ funfair, ...more }, origin);

  const heard = ({ data, origin: from, source }: MessageEvent): void => {
    if (from !== origin || source !== element.contentWindow || !data) return;
    const { id, height, name, detail } = data;
    if (data.funfair === 'height' && height >= 0) element.style.height = `${Math.min(height, MOST_PX)}px`;
    if (data.funfair === 'event' && /^[a-z-]+$/.test(name)) note(name, detail);
    if (data.funfair === 'token') {
      const asked = framed.getToken ? framed.getToken() : Promise.resolve(null);
      asked.then((token) => say('token', { id, token }), () => say('token', { id, failed: true }));
    }
  };

  /** A link leads to this page: the frame's own address is nobody's to share. */
  const note = (name: string, detail: unknown): void => {
    const own = name === 'share' ? { ...(detail as Asked), url: linkTo(activity, (detail as Asked).item!) } : detail;
    const init = { bubbles: true, composed: true, cancelable: true, detail: own };
    if (element.dispatchEvent(new CustomEvent(`funfair-${name}`, init)) && name === 'share') share(title, (own as Asked).url!);
  };

  window.addEventListener('message', heard);
  const url = new URL(`${server}/v1/stores/${store}/activities/${activity}/frame`, location.href);
  const item = new URL(location.href).searchParams.get('funfair');
  const funfair = item && item.startsWith(`${activity}.`) ? item : undefined;
  const query: Record<string, string | undefined> = { origin: location.origin, lang, theme, scheme, funfair };
  for (const name in query) if (query[name]) url.searchParams.set(name, query[name]!);
  element.title = title;
  element.style.width = '100%';
  element.style.border = '0';
  element.style.colorScheme = scheme || 'light';
  element.src = url.href;
  at.append(element);
  return {
    element,
    set: (looks) => {
      element.style.colorScheme = looks.scheme || element.style.colorScheme;
      say('set', looks);
    },
    refresh: () => say('refresh'),
    remove: () => {
      window.removeEventListener('message', heard);
      element.remove();
    },
  };
}

function linkTo(activity: string, item: string): string {
  const link = new URL(location.href);
  link.hash = '';
  link.searchParams.set('funfair', `${activity}.${item}`);
  return link.href;
}

async function share(title: string, url: string): Promise<void> {
  try {
    if (navigator.share) await navigator.share({ title, url });
    else await navigator.clipboard.writeText(url);
  } catch {
    // Whoever closed the system's sheet wants nothing.
  }
}
