// What a store's page tells about itself, its tokens, and the conversation with its backend.

/** One request of the host API, as a `transport` of the host's own gets it. */
export interface Request {
  method: 'GET' | 'POST';
  /** From `/v1/…`, without an origin. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Its answer; status 0 means that there was none. */
export interface Answer {
  status: number;
  body: string;
}

/** What a page is asked about; a link also has the item that it leads to, a consent its name. */
export interface Asked {
  store: string;
  activity: string;
  item?: string;
  url?: string;
  consent?: string;
}

/** What a play came to, as the server has stored it; whole in `host-api` (`Receipt`). */
export interface Receipt {
  /** What a shopper can quote. */
  id: string;
  activity: string;
  status: string;
  outcome: unknown;
  rewards: unknown[];
  at_ms: number;
}

export interface Host {
  /** The origin (and prefix) of the host API; '' is this page's. */
  api?: string;
  /** A fresh token, or null where nobody is signed in. Tokens live in memory only. */
  getToken?: () => Promise<string | null>;
  /**
   * Asked for what only the page can do: `login`; `share`, a link that the shell passes on itself
   * where this answers nothing; `navigate`, to an activity's page; `consent`, to what an activity
   * asks for. Once the shopper has signed in or agreed, the page calls the element's `refresh`.
   */
  ask?: (what: 'login' | 'share' | 'navigate' | 'consent', detail: Asked) => unknown;
  /** Where the page is (`weixin`, `alipay`, …); an element's attribute `channel` goes before it. */
  channel?: string;
  /** Told of everything that is also dispatched as an event. */
  note?: (name: string, detail: unknown) => void;
  /** Replaces the conversation: a mini-program's bridge, an engine in the page. */
  transport?: (request: Request) => Promise<Answer>;
}

/** A store on this page: one token and one refresh for all its elements. */
export class Store {
  host: Host = {};
  private _token: Promise<string | null> | undefined;
  private _current: string | null = null;
  private _staleAt = 0;
  /** Until when the backend has asked not to be asked. */
  private _until = 0;

  constructor(readonly id: string) {}

  /** The token, refreshed at four fifths of its life, or when the server did not take it. */
  bearer(tokenUrl: string | null, refused?: string | null): Promise<string | null> {
    // Two elements whose same token was refused share one refresh.
    const stale = performance.now() >= this._staleAt || (refused && refused === this._current);
    if (!this._token || stale) {
      this._staleAt = Infinity;
      this._current = null;
      const asked = (this._token = this._fetchToken(tokenUrl));
      asked.then(
        (token) => {
          // One that was forgotten in the meantime has nothing more to say.
          if (asked !== this._token) return;
          this._current = token;
          this._staleAt = token ? performance.now() + lifeOf(token) * 0.8 : 0;
        },
        // A failure is not remembered: the next request asks again.
        () => asked === this._token && this.forget(),
      );
    }
    return this._token;
  }

  forget(): void {
    this._token = undefined;
  }

  private async _fetchToken(tokenUrl: string | null): Promise<string | null> {
    if (this.host.getToken) return this.host.getToken();
    if (!tokenUrl) return null;
    const url = new URL(tokenUrl, document.baseURI);
    if (url.origin !== location.origin) return null;
    const answer = await fetch(url.href, { credentials: 'same-origin', cache: 'no-store' });
    if (answer.status === 401 || answer.status === 403) return null;
    if (!answer.ok) throw answer.status;
    return ((await answer.json()) as { token: string | null }).token;
  }

  /**
   * How long to wait: for as long as the backend has asked, where it has; and a crowd that was sent
   * away does not come back as one. A clock's second stays a second.
   */
  wait(ms: number): number {
    const asked = this._until - performance.now();
    return ms > 1000 ? (asked > 0 ? asked : ms) * (1 + Math.random() / 2) : ms;
  }

  /** Where a path of the host API is; nowhere for a page with a `transport` of its own. */
  url(path: string, api: string | null): string {
    return this.host.transport ? '' : (api || this.host.api || '') + path;
  }

  /** One request; never throws. */
  async send(request: Request, api: string | null): Promise<Answer> {
    try {
      if (this.host.transport) return await this.host.transport(request);
      const { path, body, headers, method } = request;
      const answer = await fetch(this.url(path, api), { method, body, headers, credentials: 'omit' });
      const again = Number(answer.headers.get('Retry-After'));
      if (again > 0) this._until = performance.now() + Math.min(again, 300) * 1000;
      return { status: answer.status, body: await answer.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }
}

/** Milliseconds from issue to expiry, as the token itself says; five minutes where it does not. */
export function lifeOf(token: string): number {
  try {
    const part = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const claims = JSON.parse(atob(part)) as { exp: number; iat: number };
    return (claims.exp - claims.iat) * 1000 || 3e5;
  } catch {
    return 3e5;
  }
}

export class Hosts {
  private _stores = new Map<string, Store>();

  configure(store: string, host: Host): void {
    const known = this.get(store);
    known.host = host;
    known.forget();
    document.dispatchEvent(new CustomEvent('funfair-configured', { detail: store }));
  }

  get(store: string): Store {
    let known = this._stores.get(store);
    if (!known) this._stores.set(store, (known = new Store(store)));
    return known;
  }
}

/** One for the page, however many of our files it loads: a store is configured once. */
const page = window as unknown as Record<symbol, Hosts | undefined>;
const shared = Symbol.for('funfair');
export const hosts: Hosts = (page[shared] = page[shared] || new Hosts());
