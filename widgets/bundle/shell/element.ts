// The custom element: owns the shadow root, the core's instance and everything that listens.

import { styles } from 'funfair:bundle';
import { Core, instantiate } from 'funfair:core';
import { pieces } from './pieces';
import { Answer, Request, Store, hosts } from './host';
import { drop, keep, kept } from './keep';
import { draw, turn } from './motion';
import { Written, patch } from './patch';
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
}

/** Some 10 MB of views and answers. */
const MOST_TURNS = 300;

export abstract class FunfairElement extends HTMLElement {
  static observedAttributes = ['store', 'activity', 'lang', 'theme'];
  abstract slug: string;

  private root: ShadowRoot | undefined;
  private frame: HTMLElement | undefined;
  private own: HTMLElement | undefined;
  private core: Core | undefined;
  private node: Node | null = null;
  private timer = 0;
  private ready = false;
  private receipt: unknown;
  /** The token last sent. */
  private used: string | null = null;
  /** Messages told to this core. */
  private turns = 0;
  private started = 0;
  private stop: AbortController | undefined;
  private returnTo: HTMLElement | null = null;

  connectedCallback(): void {
    if (!this.root) {
      this.root = this.attachShadow({ mode: 'open' });
      this.frame = document.createElement('div');
      dress(this.root, [styles.kit!, styles[this.slug]!]);
      this.frame.className = 'look';
      this.own = document.createElement('slot');
      this.root.append(this.own, this.frame);
      this.root.addEventListener('click', (event) => this.clicked(event));
      this.root.addEventListener('keydown', (event) => this.keyed(event as KeyboardEvent));
    }
    this.listen();
    // Not in this very task: attributes and `configure` of the same script come first.
    const begin = async (): Promise<void> => {
      await null;
      if (this.isConnected) await this.start();
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
    } else begin();
  }

  disconnectedCallback(): void {
    this.stop?.abort();
    clearTimeout(this.timer);
  }

  attributeChangedCallback(name: string, was: string | null, now: string | null): void {
    if (was === now || !this.started) return;
    if (name === 'theme') this.adapt();
    else {
      this.ready = false;
      this.start();
    }
  }

  /** Reads everything again: after signing in or out, for example. */
  refresh(): void {
    this.conversation.forget();
    this.tell(Msg.Refresh);
  }

  /** Presses the one button. */
  act(): void {
    this.tell(Msg.Press, 'main');
  }

  /** Ends the widget; what is unanswered stays kept. */
  destroy(): void {
    this.disconnectedCallback();
    this.started++;
    this.core = undefined;
    if (this.frame) this.frame.textContent = '';
    this.node = null;
  }

  private get store(): string {
    return this.getAttribute('store') || '';
  }
  private get activity(): string {
    return this.getAttribute('activity') || '';
  }
  private get conversation(): Store {
    return hosts.get(this.store);
  }

  private listen(): void {
    this.stop?.abort();
    this.stop = new AbortController();
    const on = (target: EventTarget, name: string, act: (event: Event) => void): void => {
      target.addEventListener(name, act);
      this.stop!.signal.addEventListener('abort', () => target.removeEventListener(name, act));
    };
    const again = (): void => this.tell(Msg.Refresh);
    on(window, 'online', again);
    on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && this.refresh());
    on(document, 'visibilitychange', () => document.hidden || again());
    on(document, 'funfair-configured', (event) => {
      if ((event as CustomEvent).detail === this.store) this.refresh();
    });
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.adapt());
  }

  /** Asks for everything at once; the answers wait for the core. */
  private async start(): Promise<void> {
    const turn = ++this.started;
    this.adapt();
    const lang = locale(this);
    const activity = this.read('activity', false);
    const me = this.read('me', false);
    try {
      const [core, words] = await Promise.all([instantiate(), wordsOf(this.slug, lang)]);
      if (turn !== this.started) return;
      this.core = core;
      this.turns = 0;
      this.tell(Msg.Start, this.slug, pieces(words));
    } catch {
      // No wasm, or none that this page's policy allows: the fallback stays.
      this.note('error', 'unsupported');
      return;
    }
    for (const play of kept(this.store, this.activity)) this.tell(Msg.Found, pieces(play));
    const both: [Msg, Promise<Answer>][] = [[Msg.Activity, activity], [Msg.Me, me]];
    for (const [what, answer] of both) {
      answer.then((answer) => turn === this.started && this.answered(what, answer));
    }
  }

  /** `activity` is public and cacheable; `me` carries the token. */
  private async read(what: string, fresh: boolean): Promise<Answer> {
    const path = `/v1/stores/${encodeURIComponent(this.store)}/activities/${encodeURIComponent(this.activity)}`;
    if (what === 'activity') return this.ask({ method: 'GET', path, headers: {} });
    return this.signed({ method: 'GET', path: `${path}/me`, headers: {} }, fresh);
  }

  private async signed(request: Request, fresh: boolean): Promise<Answer> {
    let token: string | null;
    try {
      token = await this.conversation.bearer(this.getAttribute('token-url'), fresh ? this.used : null);
    } catch {
      return { status: 0, body: '' };
    }
    this.used = token;
    if (!token) return { status: 401, body: '' };
    request.headers.Authorization = `Bearer ${token}`;
    return this.ask(request);
  }

  private ask(request: Request): Promise<Answer> {
    return this.conversation.send(request, this.getAttribute('api'));
  }

  private answered(what: Msg, { status, body }: Answer, key?: string): void {
    this.tell(what + status * 16, pieces(body), key);
  }

  /** One message to the core, then the page as it says, then what it asks for. */
  private tell(what: number, a = '', b = ''): void {
    const core = this.core;
    if (!core) return;
    const now = performance.timeOrigin + performance.now() || Date.now();
    let lines: string[];
    try {
      lines = core.turn(what, now, a, b, dice()).split('\n');
    } catch {
      // A trap: this widget ends, the page and its other widgets do not.
      this.destroy();
      this.note('error', 'trapped');
      return;
    }
    if (lines.length < 2) return;
    const state = this.show(JSON.parse(lines[0]!) as Written);
    for (const effect of JSON.parse(lines[1] || '[]') as string[][]) this.perform(effect);
    // The core hands out memory and takes none back: from time to time a new one takes over.
    if (++this.turns > MOST_TURNS && /ready|early|signed-out/.test(state)) this.start();
  }

  private show(view: Written): string {
    const state = stateOf(view);
    // A core that takes over from another begins with nothing; what is on show stays until it knows.
    if (this.ready && state === 'loading') return state;
    const root = this.root!;
    const sheet = root.querySelector('[role=dialog]');
    const focused = root.activeElement as HTMLElement | null;
    const node = patch(this.frame!, this.node, view);
    if (node !== this.node) this.frame!.appendChild(node);
    this.node = node;
    this.ready = this.ready || !/loading|error|offline/.test(state);
    // The page's own content stays until there is something better to show.
    this.own!.hidden = this.ready;
    this.frame!.hidden = state === 'loading' && this.childNodes.length > 0;
    this.adapt();
    this.focusSheet(sheet, focused);
    return state;
  }

  /** A sheet takes the focus when it rises and gives it back when it goes. */
  private focusSheet(was: Element | null, focused: HTMLElement | null): void {
    const sheet = this.root!.querySelector<HTMLElement>('[role=dialog]');
    if (sheet && sheet !== was) {
      if (!was) this.returnTo = focused;
      sheet.focus();
    } else if (was && !sheet) {
      const back = this.returnTo;
      const button = this.root!.querySelector<HTMLElement>('[part=button]');
      (back && back.isConnected ? back : button)?.focus();
    }
  }

  private perform([name, first = '', second = '', third = '']: string[]): void {
    switch (name) {
      case 'get':
        this.read(first, !!second).then((answer) =>
          this.answered(first === 'me' ? Msg.Me : Msg.Activity, answer),
        );
        break;
      case 'play':
        this.send(first, second, !!third);
        break;
      case 'keep':
        keep(this.store, this.activity, first, second);
        break;
      case 'drop':
        drop(this.store, this.activity, first);
        break;
      case 'turn':
      case 'draw':
        this.move(name, Number(first) / 100).then(() => this.tell(Msg.Landed));
        break;
      case 'wait':
        clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.tell(Msg.Tick), Number(first));
        break;
      case 'sign-in':
        if (this.note('login-required', { store: this.store, activity: this.activity })) {
          this.conversation.host.ask?.('login', { store: this.store, activity: this.activity });
        }
        break;
      case 'note':
        this.note(first, first === 'result' ? this.receipt : second);
    }
  }

  private async send(key: string, body: string, fresh: boolean): Promise<void> {
    const path = `/v1/stores/${encodeURIComponent(this.store)}/activities/${encodeURIComponent(this.activity)}/plays`;
    const headers = { 'Idempotency-Key': key, 'Content-Type': 'application/json' };
    const answer = await this.signed({ method: 'POST', path, headers, body }, fresh);
    if (answer.status > 0 && answer.status < 300) this.receipt = receiptOf(answer.body);
    this.answered(Msg.Reply, answer, key);
  }

  private move(how: string, by: number): Promise<unknown> {
    const still = this.getAttribute('motion') === 'none' || matchMedia('(prefers-reduced-motion: reduce)').matches;
    const node = this.root!.querySelector('[data-move]');
    if (still || !node) return Promise.resolve();
    return how === 'turn' ? turn(node, this.root!.querySelector('.pointer'), by) : draw(node);
  }

  /** Dispatches, tells the host; whether nobody prevented it. */
  private note(name: string, detail: unknown): boolean {
    const frozen = freeze(detail);
    this.conversation.host.note?.(name, frozen);
    const init = { bubbles: true, composed: true, cancelable: true, detail: frozen };
    return this.dispatchEvent(new CustomEvent(`funfair-${name}`, init));
  }

  private clicked(event: Event): void {
    const node = (event.target as Element).closest<HTMLElement>('[data-do]');
    if (node && node.getAttribute('aria-disabled') !== 'true') this.tell(Msg.Press, node.dataset.do);
  }

  private keyed(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.root!.querySelector('[role=dialog]')) {
      event.stopPropagation();
      this.tell(Msg.Press, 'close');
    }
  }

  /** Colours: the theme asked for or the activity's, light or dark as the page is. */
  private adapt(): void {
    if (!this.frame) return;
    const look = this.node && (this.node as Element).getAttribute('data-look');
    this.frame.dataset.look = this.getAttribute('theme') || look || '';
    this.frame.dataset.scheme = scheme(this);
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
