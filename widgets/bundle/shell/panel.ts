// The custom element that shows and does not play. The core says what to ask for; here is what
// touches the page. What only the wallet or only the hub needs is in `wallet.ts` and `hub.ts`.

import { kinds, styles } from 'funfair:bundle';
import { Core, instantiate } from 'funfair:core';
import { Answer, Hosts, Store, hosts } from './host';
import { dress, locale, scheme, wordsOf } from './page';
import { Written, patch } from './patch';
import { pieces } from './pieces';

/** The numbers of `turn` in the bundle's panel.rs. */
export const enum Told {
  Start = 0,
  Answer = 1,
  Press = 5,
  Tick = 7,
  Refresh = 8,
}

/** Between the parts of a press. */
export const CUT = '\x01';
/** Some 10 MB of views and answers. */
const MOST_TURNS = 300;

export class PanelElement extends HTMLElement {
  static observedAttributes = ['store', 'lang', 'theme', 'href-template'];
  slug = '';

  protected _root: ShadowRoot | undefined;
  private _frame: HTMLElement | undefined;
  private _own: HTMLElement | undefined;
  protected _core: Core | undefined;
  private _node: Node | null = null;
  private _timer = 0;
  private _turns = 0;
  private _started = 0;
  private _begun = false;
  private _ready = false;
  private _lang = '';
  private _stop: AbortController | undefined;

  connectedCallback(): void {
    if (!this._root) {
      this._root = this.attachShadow({ mode: 'open' });
      this._frame = document.createElement('div');
      dress(this._root, [styles.kit!, styles[this.slug]!]);
      this._frame.className = 'look';
      this._own = document.createElement('slot');
      this._root.append(this._own, this._frame);
      this._root.addEventListener('click', (event) => this._clicked(event as MouseEvent));
      this._made(this._root);
    }
    this._listen();
    const stop = this._stop;
    // Not in this very task: attributes and `configure` of the same script come first. What is moved
    // many times within it begins once.
    Promise.resolve().then(() => {
      if (stop === this._stop && this.isConnected) this._start();
    });
  }

  disconnectedCallback(): void {
    this._stop?.abort();
    clearTimeout(this._timer);
    this._started++;
    this._begun = false;
    this._core = undefined;
  }

  attributeChangedCallback(name: string, was: string | null, now: string | null): void {
    if (was === now || !this._begun) return;
    if (name === 'theme' || name === 'href-template') this._adapt();
    else {
      this._ready = false;
      this._start();
    }
  }

  /** Reads everything again, for whoever is signed in now. */
  refresh(): void {
    this._conversation.forget();
    if (this._begun) this._start();
  }

  /** Ends the element. */
  destroy(): void {
    this.disconnectedCallback();
    this._node = null;
    this._ready = false;
    if (!this._own) return;
    this._frame!.textContent = '';
    this._own.hidden = false;
  }

  /** The root is there, and nothing is in it yet. */
  protected _made(_root: ShadowRoot): void {}
  /** An answer has come, before the core is told. */
  protected _read(_path: string, _body: string): void {}
  /** The page is as the core says. */
  protected _shown(): void {}
  /** An effect of one element's own. */
  protected _also(_name: string, _of: string): void {}

  protected get _store(): string {
    return this.getAttribute('store') || '';
  }
  protected get _conversation(): Store {
    return hosts.get(this._store);
  }

  private _listen(): void {
    this._stop?.abort();
    this._stop = new AbortController();
    const on = (target: EventTarget, name: string, act: (event: Event) => void): void => {
      target.addEventListener(name, act);
      this._stop!.signal.addEventListener('abort', () => target.removeEventListener(name, act));
    };
    // The core hands out memory and takes none back: from time to time a new one takes over.
    const again = (): void => {
      if (this._turns > MOST_TURNS) this._start();
      else this._tell(Told.Refresh);
    };
    on(window, 'online', again);
    on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && this.refresh());
    on(document, 'visibilitychange', () => document.hidden || again());
    on(document, 'funfair-configured', (event) => {
      if ((event as CustomEvent).detail === this._store) this.refresh();
    });
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this._adapt());
  }

  private async _start(): Promise<void> {
    const turn = ++this._started;
    this._begun = true;
    this._adapt();
    this._lang = locale(this);
    try {
      const [core, words] = await Promise.all([instantiate(), wordsOf(this._lang)]);
      if (turn !== this._started) return;
      this._core = core;
      this._turns = 0;
      this._tell(Told.Start, this.slug, pieces(words));
    } catch (error) {
      if (turn !== this._started) return;
      // No core that this browser and this page's policy allow, or no words: the fallback stays.
      this._note('error', error === 'texts' ? error : 'unsupported');
    }
  }

  /** One message to the core, then the page as it says, then what it asks for. */
  protected _tell(what: number, a = '', b = ''): void {
    const core = this._core;
    if (!core) return;
    this._turns++;
    const now = performance.timeOrigin + performance.now() || Date.now();
    let lines: string[];
    try {
      lines = core.turn(what, now, ['', b, a].join('\x02')).split('\n');
    } catch {
      // A trap: this element ends, the page and its other elements do not.
      this.destroy();
      this._note('error', 'trapped');
      return;
    }
    if (lines.length < 2) return;
    this._show(JSON.parse(lines[0]!) as Written);
    for (const effect of JSON.parse(lines[1] || '[]') as string[][]) this._perform(effect);
  }

  private _show(view: Written): void {
    const state = (view[1] as Record<string, string>)['data-state']!;
    // A core that takes over from another begins with nothing; what is on show stays until it knows.
    if (this._ready && state === 'loading') return;
    const root = this._root!;
    const focused = root.activeElement;
    const node = patch(this._frame!, this._node, view);
    if (node !== this._node) this._frame!.appendChild(node);
    this._node = node;
    this._ready = this._ready || !/loading|error|offline/.test(state);
    // The page's own content stays until there is something better to show.
    this._own!.hidden = this._ready;
    this._frame!.hidden = state === 'loading' && this.childNodes.length > 0;
    this._adapt();
    // What was pressed has gone: a keyboard goes on from the frame, not from the page's beginning.
    if (focused && !focused.isConnected) (node as HTMLElement).focus();
    this._shown();
  }

  private _perform([name, first = '', second = '', third = '', open = '']: string[]): void {
    switch (name) {
      case 'ask':
        this._ask(first, second, third, !!open);
        break;
      case 'wait':
        clearTimeout(this._timer);
        this._timer = window.setTimeout(() => this._tell(Told.Tick), this._conversation.wait(Number(first)));
        break;
      case 'sign-in': {
        const asked = { store: this._store, activity: '' };
        if (this._note('login-required', asked)) this._conversation.host.ask?.('login', asked);
        break;
      }
      case 'focus':
        this._root!.querySelector<HTMLElement>(first)?.focus();
        break;
      case 'note':
        this._note(first, second);
        break;
      default:
        this._also(name!, first);
    }
  }

  /** One request below the store, with whatever token there is; an answer of another core is dropped. */
  private async _ask(name: string, path: string, body: string, open: boolean): Promise<void> {
    const core = this._core;
    const answer = await this._signed(path, body, open);
    if (core !== this._core) return;
    this._read(path, answer.body);
    this._tell(Told.Answer + answer.status * 16, pieces(answer.body), name);
  }

  private async _signed(path: string, body: string, open: boolean): Promise<Answer> {
    const bearer = (refused: string | null): Promise<string | null> =>
      this._conversation.bearer(this.getAttribute('token-url'), refused);
    let answer: Answer = { status: 401, body: '' };
    let refused: string | null = null;
    try {
      // A token that was not taken is renewed once.
      for (let tries = 0; tries < 2 && answer.status === 401; tries++) {
        const token = await bearer(refused);
        if (!token || token === refused) break;
        answer = await this._send(path, body, { Authorization: `Bearer ${token}` });
        refused = token;
      }
    } catch {
      if (!open) return { status: 0, body: '' };
    }
    return open && answer.status === 401 ? this._send(path, body, {}) : answer;
  }

  private _send(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    if (body) headers['Content-Type'] = 'application/json';
    path = `/v1/stores/${encodeURIComponent(this._store)}${path}`;
    const method = body ? 'POST' : 'GET';
    const request = { method, path, headers, body: body || undefined } as const;
    return this._conversation.send(request, this.getAttribute('api'));
  }

  /** Dispatches, tells the host; whether nobody prevented it. */
  protected _note(name: string, detail: unknown): boolean {
    this._conversation.host.note?.(name, detail);
    const init = { bubbles: true, composed: true, cancelable: true, detail };
    return this.dispatchEvent(new CustomEvent(`funfair-${name}`, init));
  }

  protected _clicked(event: MouseEvent): void {
    const node = (event.target as Element).closest<HTMLElement>('[data-do]:not(form)');
    if (!node || node.getAttribute('aria-disabled') === 'true') return;
    const { do: name, value } = node.dataset;
    this._tell(Told.Press, value === undefined ? name : [name, value].join(CUT));
  }

  /** Colours and times: what the page knows and the core does not. */
  protected _adapt(): void {
    const root = this._root;
    if (!root) return;
    const theme = this.getAttribute('theme') || '';
    for (const node of Array.from(root.querySelectorAll<HTMLElement>('.look'))) {
      node.dataset.look = theme || node.dataset.own || '';
      node.dataset.scheme = scheme(this);
    }
    for (const node of Array.from(root.querySelectorAll('time'))) {
      const at = new Date(Number(node.dataset.at));
      node.dateTime = at.toISOString();
      node.textContent = told(at, this._lang);
    }
  }
}

/** A moment in the shopper's own time: the hour today, the day too otherwise, the year in another. */
function told(at: Date, lang: string): string {
  const now = new Date();
  const day = at.toDateString() !== now.toDateString();
  const year = at.getFullYear() !== now.getFullYear();
  // Digits as everywhere else in the element.
  return at.toLocaleString(`${lang}-u-nu-latn`, {
    year: year ? 'numeric' : undefined,
    month: day ? 'short' : undefined,
    day: day ? 'numeric' : undefined,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

/** Defines this file's elements; what the host may say to them comes back. */
export function define(base: typeof PanelElement): Hosts['configure'] {
  for (const slug of kinds) {
    const name = `funfair-${slug}`;
    // Of two files on one page, the first defines.
    if (customElements.get(name)) continue;
    customElements.define(name, class extends base {
      override slug = slug;
    });
  }
  return (store, host) => hosts.configure(store, host);
}
