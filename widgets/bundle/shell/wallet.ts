// The file of `<funfair-wallet>`: tabs, forms, the clipboard, receipts.

import { CUT, PanelElement, Told, define } from './panel';
import { pieces } from './pieces';
import { Receipt, check } from './verify';

class WalletElement extends PanelElement {
  /** What was read of plays, whole: the core has only what it shows. */
  private _receipts = new Map<string, Receipt>();
  /** The core that was told which tab is open. */
  private _knows: unknown;

  protected override _made(root: ShadowRoot): void {
    root.addEventListener('submit', (event) => this._submitted(event));
    root.addEventListener('change', (event) => this._chosen(event));
  }

  protected override _read(path: string, body: string): void {
    if (!path.startsWith('/plays')) return;
    try {
      for (const play of (JSON.parse(body) as { plays: Receipt[] }).plays) this._receipts.set(play.id, play);
    } catch {
      // No page of plays: the core says what became of it.
    }
  }

  /** A core that takes over from another finds a tab open already. */
  protected override _shown(): void {
    const open = this._root!.querySelector<HTMLInputElement>('.tab:checked');
    if (!open || this._knows === this._core) return;
    this._knows = this._core;
    this._tell(Told.Press, ['tab', open.value].join(CUT));
  }

  protected override _also(name: string, of: string): void {
    if (name === 'copy') this._copy(of);
    else if (name === 'check') this._check(of);
    else if (name === 'save') this._save(of);
  }

  private async _check(id: string): Promise<void> {
    const core = this._core;
    const receipt = this._receipts.get(id);
    if (!receipt) return;
    // A receipt of any other shape is not right either.
    const said = await check(receipt).catch(() => ({ id, able: true, draws: [] }));
    if (core === this._core) this._tell(Told.Answer + 200 * 16, pieces(JSON.stringify(said)), 'check');
  }

  private async _copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this._tell(Told.Press, ['copied', text].join(CUT));
    } catch {
      // It stands there to be copied by hand.
    }
  }

  private _save(id: string): void {
    const text = JSON.stringify(this._receipts.get(id), null, 2);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = `${id}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
  }

  /** A form is a press with the values of its fields. */
  private _submitted(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = Array.from(new FormData(form).values(), (value) => String(value).split(CUT).join(''));
    this._tell(Told.Press, [form.dataset.do, ...typed].join(CUT));
  }

  /** A tab is a radio button, outside of any form. */
  private _chosen(event: Event): void {
    const { type, form, value } = event.target as HTMLInputElement;
    if (type === 'radio' && !form) this._tell(Told.Press, ['tab', value].join(CUT));
  }
}

/** Tells how a store's elements talk to it; before or after they appear on the page. */
export const configure = define(WalletElement);
