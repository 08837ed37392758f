// A page in a mini-program's web view: who is signed in there, and what only the mini-program can
// do. A file of its own, so that pages elsewhere carry none of it.
//
// **What leaves the page is no result.** A receipt is on the server before it is shown; the native
// page reads it there when it comes back (`onShow`). Messages would arrive too late: WeChat and
// Douyin hand them over at back, destroy and share only.

import { Asked, Host, hosts, lifeOf } from './host';

/** Where a page stands; also the `channel` that its widgets send. */
export type Env = 'weixin' | 'alipay' | 'douyin' | 'web';

/** The mini-program's pages, as its app.json names them. */
export interface Pages {
  /** Signs in and comes back; gets `?store=`. Alipay needs none: it is asked by a message. */
  login?: string;
  /** Has the button that shares (`open-type="share"`); gets `?url=`. */
  share?: string;
  /** Shows an activity; `{activity}` is replaced. */
  activity?: string;
}

/** The five verbs. */
export interface Bridge {
  env: Env;
  login: () => boolean;
  share: (asked: Pick<Asked, 'url'>) => boolean;
  navigate: (asked: Pick<Asked, 'activity'>) => boolean;
  close: () => boolean;
}

/** What the containers' own scripts put on the page; all three have the same names. */
interface Container {
  navigateTo(to: { url: string }): void;
  navigateBack(by: { delta: number }): void;
  postMessage(message: unknown): void;
  onMessage?: (said: unknown) => void;
}

/** How long the container may take to answer with a ticket. */
const PATIENCE_MS = 5000;

/** Which container this is; the vendor's script has to stand before. */
export function env(): Env {
  const agent = navigator.userAgent;
  const page = window as unknown as Record<string, unknown>;
  if (/AliApp|AlipayClient/i.test(agent) && page.my) return 'alipay';
  if (/toutiaomicroapp/i.test(agent) && page.tt) return 'douyin';
  const weixin = page.__wxjs_environment === 'miniprogram' || /miniprogram/i.test(agent);
  return weixin && /micromessenger/i.test(agent) && page.wx ? 'weixin' : 'web';
}

/**
 * Configures a store for a page in a mini-program; `host` is what `configure` takes and goes before
 * what the bridge does. Elsewhere it only exchanges the address's ticket, where there is one.
 */
export function connect(store: string, pages: Pages = {}, host: Host = {}): Bridge {
  const at = env();
  const container = containerOf(at);
  const session = new Session(store, at === 'alipay' ? container : undefined);
  const go = (url: string | undefined): boolean => {
    if (container && url) container.navigateTo({ url });
    return !!container && !!url;
  };
  /** Alipay takes an object at once; the others an envelope, delivered when the page is left. */
  const tell = (message: Record<string, unknown>): void =>
    container?.postMessage(at === 'alipay' ? message : { data: message });
  const bridge: Bridge = {
    env: at,
    login: () => (at === 'alipay' ? session.ask() : go(pages.login && `${pages.login}?store=${store}`)),
    share: ({ url }) => {
      tell({ funfair: 'share', url });
      const shown = at === 'alipay' || go(pages.share && `${pages.share}?url=${encodeURIComponent(url!)}`);
      return !!container && shown;
    },
    navigate: ({ activity }) => go(pages.activity?.split('{activity}').join(encodeURIComponent(activity))),
    close: () => {
      container?.navigateBack({ delta: 1 });
      return !!container;
    },
  };
  const own: Host = {
    channel: at,
    ...host,
    getToken: async () => (await session.token()) || (host.getToken ? host.getToken() : null),
    ask: (what, asked) =>
      host.ask?.(what, asked) || (what in bridge && bridge[what as 'login' | 'share' | 'navigate'](asked as never)),
  };
  /** A ticket that the address brings goes out of it before anything else sees it. */
  const arrived = (): void => {
    const ticket = ticketOfAddress();
    if (ticket) session.take(ticket);
    // What is on the page asks for its token again.
    if (ticket) hosts.configure(store, own);
  };
  window.addEventListener('hashchange', arrived);
  if (at === 'alipay') {
    container!.onMessage = (said) => {
      const { funfair, ticket } = (said || {}) as Record<string, unknown>;
      // Without a ticket: nobody is signed in there.
      if (funfair !== 'ticket') return;
      session.take(typeof ticket === 'string' ? ticket : '');
      if (ticket) hosts.configure(store, own);
    };
  }
  const ticket = ticketOfAddress();
  if (ticket) session.take(ticket);
  // Nothing comes from Alipay's native page before it has heard of this one.
  else if (at === 'alipay') session.ask();
  hosts.configure(store, own);
  return bridge;
}

/** The shopper's token: in memory, from the last ticket that came. */
class Session {
  private _token: string | null = null;
  private _life = 0;
  private _since = 0;
  private _coming: Promise<void> | undefined;
  private _told: (() => void) | undefined;

  constructor(readonly store: string, readonly container: Container | undefined) {}

  /** The token that is good now; asks for another one in time, where asking is possible. */
  async token(): Promise<string | null> {
    await this._coming;
    if (this.container && this._age() > 0.8) {
      if (!this._told) this.ask();
      await this._coming;
    }
    return this._age() < 1 ? this._token : null;
  }

  /** Asks the container for a ticket; waits for it a while. */
  ask(): boolean {
    const { container, store } = this;
    this._coming = new Promise((resolve) => {
      this._told = resolve;
      setTimeout(() => this.take(''), PATIENCE_MS);
    });
    container!.postMessage({ funfair: 'login', store });
    return true;
  }

  /** Exchanges a ticket, once; without one, whoever waited for it waits no longer. */
  take(ticket: string): void {
    const told = this._told;
    if (!ticket && !told) return;
    this._told = undefined;
    this._coming = this._exchange(ticket).then(told);
  }

  private async _exchange(ticket: string): Promise<void> {
    // The store is configured in the same task.
    await null;
    if (!ticket) return;
    const answer = await hosts.get(this.store).send(
      {
        method: 'POST',
        path: `/v1/stores/${encodeURIComponent(this.store)}/tickets/exchange`,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ticket }),
      },
      null,
    );
    if (answer.status !== 200) return;
    this._token = (JSON.parse(answer.body) as { token: string }).token;
    this._life = lifeOf(this._token);
    this._since = performance.now();
  }

  /** Which part of its life is over. */
  private _age(): number {
    return this._token ? (performance.now() - this._since) / this._life : 1;
  }
}

function containerOf(at: Env): Container | undefined {
  const { my, tt, wx } = window as unknown as Record<string, Container & { miniProgram: Container }>;
  return { weixin: wx?.miniProgram, alipay: my, douyin: tt?.miniProgram, web: undefined }[at];
}

/** The ticket in the address's fragment, which is taken out of it. */
function ticketOfAddress(): string | null {
  const [own, others] = [[] as string[], [] as string[]];
  for (const part of location.hash.slice(1).split('&')) {
    (part.startsWith(NAME) ? own : others).push(part);
  }
  if (!own.length) return null;
  const rest = others.join('&');
  const { pathname, search } = location;
  history.replaceState(history.state, '', pathname + search + (rest && `#${rest}`));
  return own[own.length - 1]!.slice(NAME.length);
}

const NAME = 'funfair-ticket=';
