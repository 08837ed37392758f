// The custom element: owns the shadow root, the core's instance and everything that listens.

import { styles } from 'funfair:bundle';
import { Core, instantiate } from 'funfair:core';
import { pieces } from './pieces';
import { Answer, Asked, Request, Store, hosts } from './host';
import { drop, keep, kept } from './keep';
import { draw, turn } from './motion';
import { Written, adopt, patch } from './patch';
import { dress, locale, scheme, wordsOf } from './page';

/** What the core is told; the numbers of `turn` in the bundle's lib.rs. */
const enum Msg {
  Start,
  Activity,
  Me,
  Reply,
  Found,
  Press,
  Landed,
  Tick,
  Refresh,
  Unlocked,
}

/** Between the parts of a message's text. */
const CUT = '\x01';

/** Some 10 MB of views and answers. */
const MOST_TURNS = 300;

export abstract class FunfairElement extends HTMLElement {
  static observedAttributes = ['store', 'activity', 'lang', 'theme'];
  abstract slug: string;

  private _root: ShadowRoot | undefined;
  private _frame: HTMLElement | undefined;
  private _own: HTMLElement | undefined;
  private _core: Core | undefined;
  private _node: Node | null = null;
  private _timer = 0;
  private _ready = false;
  private _receipt: unknown;
  /** The item of a link that a play has taken up. */
  private _taken = '';
  /** The token last sent. */
  private _used: string | null = null;
  /** Messages told to this core. */
  private _turns = 0;
  private _started = 0;
  /** Whether it was started and is neither removed nor ended. */
  private _begun = false;
  private _stop: AbortController | undefined;
  private _returnTo: HTMLElement | null = null;

  connectedCallback(): void {
    if (!this._root) {
      const drawn = this.shadowRoot;
      this._root = drawn || this.attachShadow({ mode: 'open' });
      this._frame = this._root.querySelector<HTMLElement>('.look') || document.createElement('div');
      this._own = this._root.querySelector('slot') || document.createElement('slot');
      // Drawn by a server: it stays as it is until more is known.
      this._ready = !!drawn;
      if (drawn) this._node = adopt(this._frame.firstChild!);
      else {
        dress(this._root, [styles.kit!, styles[this.slug]!]);
        this._frame.className = 'look';
        this._root.append(this._own, this._frame);
      }
      this._root.addEventListener('click', (event) => this._clicked(event));
      this._root.addEventListener('submit', (event) => this._submitted(event));
      this._root.addEventListener('input', paired);
      this._root.addEventListener('keydown', (event) => this._keyed(event as KeyboardEvent));
    }
    this._listen();
    const stop = this._stop;
    // Not in this very task: attributes and `configure` of the same script come first. What is moved
    // many times within it begins once.
    const begin = async (): Promise<void> => {
      await null;
      if (stop === this._stop && this.isConnected) await this._start();
    };
    if (this.getAttribute('loading') === 'lazy' && window.IntersectionObserver) {
      const near = new IntersectionObserver(
        (seen) => {
          if (seen.some((one) => one.isIntersecting)) {
            near.disconnect();
            begin();
          }
        },
        { rootMargin: '50%' },
      );
      near.observe(this);
      this._stop!.signal.addEventListener('abort', () => near.disconnect());
    } else begin();
  }

  /** Nothing goes on without a page: what is still on its way is answered to nobody. */
  disconnectedCallback(): void {
    this._stop?.abort();
    clearTimeout(this._timer);
    this._started++;
    this._begun = false;
    this._core = undefined;
  }

  attributeChangedCallback(name: string, was: string | null, now: string | null): void {
    if (was === now || !this._begun) return;
    if (name === 'theme') this._adapt();
    else {
      this._ready = false;
      this._start();
    }
  }

  /** Reads everything again: after signing in or out, for example. */
  refresh(): void {
    this._conversation.forget();
    if (this._core) this._tell(Msg.Refresh);
    // What was asked with the old token is not waited for.
    else if (this._begun) this._start();
  }

  /** Presses the one button. */
  act(): void {
    this._tell(Msg.Press, 'main');
  }

  /** Ends the widget; what is unanswered stays kept. */
  destroy(): void {
    this.disconnectedCallback();
    this._clear();
  }

  /** Shows what the page wrote, and nothing else. */
  private _clear(): void {
    this._node = null;
    this._ready = false;
    if (!this._own) return;
    this._frame!.textContent = '';
    this._own.hidden = false;
  }

  private get _store(): string {
    return this.getAttribute('store') || '';
  }
  private get _activity(): string {
    return this.getAttribute('activity') || '';
  }
  private get _conversation(): Store {
    return hosts.get(this._store);
  }

  private _listen(): void {
    this._stop?.abort();
    this._stop = new AbortController();
    const on = (target: EventTarget, name: string, act: (event: Event) => void): void => {
      target.addEventListener(name, act);
      this._stop!.signal.addEventListener('abort', () => target.removeEventListener(name, act));
    };
    const again = (): void => this._tell(Msg.Refresh);
    on(window, 'online', again);
    on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && this.refresh());
    on(document, 'visibilitychange', () => document.hidden || again());
    on(document, 'funfair-configured', (event) => {
      if ((event as CustomEvent).detail === this._store) this.refresh();
    });
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this._adapt());
  }

  /** Asks for everything at once; the answers wait for the core. */
  private async _start(): Promise<void> {
    const turn = ++this._started;
    this._begun = true;
    this._adapt();
    const lang = locale(this);
    const activity = this._read('activity', false);
    const me = this._read('me', false);
    try {
      const [core, words] = await Promise.all([instantiate(), wordsOf(lang)]);
      if (turn !== this._started) return;
      this._core = core;
      this._turns = 0;
      const terms = this._conversation.url(`${this._path}/terms`, this.getAttribute('api'));
      this._tell(Msg.Start, [this.slug, terms].join(CUT), pieces(words));
    } catch (error) {
      if (turn !== this._started) return;
      // No core that this browser and this page's policy allow, or no words: the fallback stays, or
      // takes the place of what a server drew.
      this._clear();
      this._note('error', error === 'texts' ? error : 'unsupported');
      return;
    }
    for (const play of kept(this._store, this._activity)) this._tell(Msg.Found, pieces(play));
    const both: [Msg, Promise<Answer>][] = [[Msg.Activity, activity], [Msg.Me, me]];
    for (const [what, answer] of both) {
      answer.then((answer) => turn === this._started && this._answered(what, answer));
    }
  }

  private get _path(): string {
    return `/v1/stores/${encodeURIComponent(this._store)}/activities/${encodeURIComponent(this._activity)}`;
  }

  /** `activity` is public and cacheable; `me` carries the token. */
  private async _read(what: string, fresh: boolean): Promise<Answer> {
    const path = this._path;
    if (what === 'activity') {
      const body = this._frame!.dataset.activity;
      delete this._frame!.dataset.activity;
      return body ? { status: 200, body } : this._ask({ method: 'GET', path, headers: {} });
    }
    const item = this._link ? `?item=${this._link}` : '';
    return this._signed({ method: 'GET', path: `${path}/me${item}`, headers: {} }, fresh);
  }

  /** The item of this activity that the page's address names, until a play has taken it up. */
  private get _link(): string {
    const words = (new URL(location.href).searchParams.get('funfair') || '').split('.');
    const item = words.pop()!;
    const own = words.join('.') === this._activity && item !== this._taken && /^[\w-]{1,64}$/.test(item);
    return own ? item : '';
  }

  private async _signed(request: Request, fresh: boolean): Promise<Answer> {
    const turn = this._started;
    let token: string | null;
    try {
      token = await this._conversation.bearer(this.getAttribute('token-url'), fresh ? this._used : null);
    } catch {
      return { status: 0, body: '' };
    }
    if (turn !== this._started) return { status: 0, body: '' };
    this._used = token;
    if (!token) return { status: 401, body: '' };
    request.headers.Authorization = `Bearer ${token}`;
    const channel = this.getAttribute('channel') || this._conversation.host.channel;
    if (channel) request.headers['Funfair-Channel'] = channel;
    return this._ask(request);
  }

  private _ask(request: Request): Promise<Answer> {
    return this._conversation.send(request, this.getAttribute('api'));
  }

  private _answered(what: Msg, { status, body }: Answer, key?: string): void {
    this._tell(what + status * 16, pieces(body), key);
  }

  /** One message to the core, then the page as it says, then what it asks for. */
  private _tell(what: number, a = '', b = ''): void {
    const core = this._core;
    if (!core) return;
    const now = performance.timeOrigin + performance.now() || Date.now();
    let lines: string[];
    try {
      lines = core.turn(what, now, [dice(), b, a].join('\x02')).split('\n');
    } catch {
      // A trap: this widget ends, the page and its other widgets do not.
      this.destroy();
      this._note('error', 'trapped');
      return;
    }
    if (lines.length < 2) return;
    const state = this._show(JSON.parse(lines[0]!) as Written);
    for (const effect of JSON.parse(lines[1] || '[]') as string[][]) this._perform(effect);
    // The core hands out memory and takes none back: from time to time a new one takes over.
    if (++this._turns > MOST_TURNS && /ready|early|signed-out/.test(state)) this._start();
  }

  private _show(view: Written): string {
    const state = stateOf(view);
    // A core that takes over from another begins with nothing; what is on show stays until it knows.
    if (this._ready && state === 'loading') return state;
    const root = this._root!;
    const sheet = root.querySelector('[role=dialog]');
    const focused = root.activeElement as HTMLElement | null;
    const node = patch(this._frame!, this._node, view);
    if (node !== this._node) this._frame!.appendChild(node);
    // What had to be moved to another place has lost it.
    if (focused && focused !== root.activeElement && focused.isConnected) focused.focus();
    this._node = node;
    this._ready = this._ready || !/loading|error|offline/.test(state);
    // The page's own content stays until there is something better to show.
    const empty = state === 'loading' && !!root.querySelector('.empty');
    this._own!.hidden = this._ready || (state === 'loading' && !empty);
    this._frame!.hidden = empty && this.childNodes.length > 0;
    this._adapt();
    this._focusSheet(sheet, focused);
    return state;
  }

  /** A sheet takes the focus when it rises and gives it back when it goes. */
  private _focusSheet(was: Element | null, focused: HTMLElement | null): void {
    const sheet = this._root!.querySelector<HTMLElement>('[role=dialog]');
    if (sheet && sheet !== was) {
      if (!was) this._returnTo = focused;
      sheet.focus();
    } else if (was && !sheet) {
      const back = this._returnTo;
      const button = this._root!.querySelector<HTMLElement>('[part=button]');
      (back && back.isConnected ? back : button)?.focus();
    }
  }

  private _perform([name, first = '', second = '', third = '']: string[]): void {
    const core = this._core;
    switch (name) {
      case 'get':
        this._read(first, !!second).then(
          (answer) =>
            core === this._core && this._answered(first === 'me' ? Msg.Me : Msg.Activity, answer),
        );
        break;
      case 'play':
        this._send(first, second, !!third);
        break;
      case 'keep':
        keep(this._store, this._activity, first, second);
        break;
      case 'drop':
        drop(this._store, this._activity, first);
        break;
      case 'turn':
      case 'draw':
        this._move(name, Number(first) / 100).then(() => core === this._core && this._tell(Msg.Landed));
        break;
      case 'wait':
        clearTimeout(this._timer);
        this._timer = window.setTimeout(() => this._tell(Msg.Tick), this._conversation.wait(Number(first)));
        break;
      case 'unlock':
        this._post('unlock', first, {}).then(
          (answer) => core === this._core && this._answered(Msg.Unlocked, answer),
        );
        break;
      case 'share':
        this._share(first);
        break;
      case 'sign-in':
        this._wish('login-required', 'login', {});
        break;
      case 'consent':
        this._wish('consent-required', 'consent', { consent: first });
        break;
      case 'note':
        this._note(first, first === 'result' ? this._receipt : second);
    }
  }

  private async _send(key: string, body: string, fresh: boolean): Promise<void> {
    const core = this._core;
    const answer = await this._post('plays', body, { 'Idempotency-Key': key }, fresh);
    if (core !== this._core) return;
    const link = this._link;
    const taken = answer.status > 0 && answer.status < 300;
    if (taken) this._receipt = receiptOf(answer.body);
    if (taken && link && body.includes(link)) this._taken = link;
    this._answered(Msg.Reply, answer, key);
    // The `me` that came with another play says nothing of the link.
    if (taken && this._link) this._perform(['get', 'me']);
  }

  private _post(what: string, body: string, more: Record<string, string>, fresh = false): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json', ...more };
    return this._signed({ method: 'POST', path: `${this._path}/${what}`, headers, body }, fresh);
  }

  /** Asks the page, by an event and by its host; whether anybody took it upon them. */
  private _wish(event: string, what: 'login' | 'share' | 'consent', more: Partial<Asked>): boolean {
    const asked = { store: this._store, activity: this._activity, ...more };
    return !this._note(event, asked) || !!this._conversation.host.ask?.(what, asked);
  }

  /** Passes on a link to this page that names an item: by the host, the system, the clipboard. */
  private async _share(item: string): Promise<void> {
    const link = new URL(location.href);
    link.hash = '';
    link.searchParams.set('funfair', `${this._activity}.${item}`);
    const url = link.href;
    if (this._wish('share', 'share', { item, url })) return;
    const title = this._root!.querySelector('.title')?.textContent || '';
    try {
      if (navigator.share) return await navigator.share({ title, url });
      await navigator.clipboard.writeText(url);
      this._tell(Msg.Press, 'copied');
    } catch (error) {
      // Whoever closed the system's sheet wants nothing; else the link is shown, to be copied by hand.
      if ((error as Error).name !== 'AbortError') this._tell(Msg.Press, ['copied', url].join(CUT));
    }
  }

  private _move(how: string, by: number): Promise<unknown> {
    const still = this.getAttribute('motion') === 'none' || matchMedia('(prefers-reduced-motion: reduce)').matches;
    const node = this._root!.querySelector('[data-move]');
    if (still || !node) return Promise.resolve();
    return how === 'turn' ? turn(node, this._root!.querySelector('.pointer'), by) : draw(node);
  }

  /** Dispatches, tells the host; whether nobody prevented it. */
  private _note(name: string, detail: unknown): boolean {
    const frozen = freeze(detail);
    this._conversation.host.note?.(name, frozen);
    const init = { bubbles: true, composed: true, cancelable: true, detail: frozen };
    return this.dispatchEvent(new CustomEvent(`funfair-${name}`, init));
  }

  private _clicked(event: Event): void {
    const node = (event.target as Element).closest<HTMLElement>('[data-do]:not(form)');
    if (!node || node.getAttribute('aria-disabled') === 'true') return;
    const { do: name, value } = node.dataset;
    this._tell(Msg.Press, value === undefined ? name : [name, value].join(CUT));
  }

  /** A form is a press with the values of its fields. */
  private _submitted(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    if (form.querySelector('[type=submit][aria-disabled=true]')) return;
    const typed: string[] = [];
    // No `Array.from`: old libraries replace it by one that knows no iterators.
    new FormData(form).forEach((value) => typed.push(String(value).split(CUT).join('')));
    this._tell(Msg.Press, [form.dataset.do, ...typed].join(CUT));
  }

  private _keyed(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this._root!.querySelector('[role=dialog]')) {
      event.stopPropagation();
      this._tell(Msg.Press, 'close');
    }
  }

  /** Colours: the theme asked for or the activity's, light or dark as the page is. */
  private _adapt(): void {
    if (!this._frame) return;
    const look = this._node && (this._node as Element).getAttribute('data-look');
    this._frame.dataset.look = this.getAttribute('theme') || look || '';
    this._frame.dataset.scheme = scheme(this);
  }
}

/** Keeps a field and its twin (`data-twin`) equal: a slider and a number beside it. */
function paired(event: Event): void {
  const field = event.target as HTMLInputElement;
  const twin = field.dataset.twin;
  for (const other of Array.from(field.form ? field.form.elements : []) as HTMLInputElement[]) {
    if (twin ? other.name === twin : other.dataset.twin === field.name) other.value = field.value;
  }
}

/** `data-state` of a view. */
function stateOf(view: Written): string {
  for (const part of view) {
    if (typeof part === 'object' && 'data-state' in part) return part['data-state']!;
  }
  return '';
}

/** 64 characters for the core's next key and seed. */
function dice(): string {
  let out = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(32))) out += (byte + 256).toString(16).slice(1);
  return out;
}

function receiptOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { receipt: unknown }).receipt;
  } catch {
    return undefined;
  }
}

function freeze<T>(value: T): T {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
