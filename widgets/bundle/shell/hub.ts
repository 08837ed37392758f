// The file of `<funfair-hub>`: cards that are links.

import { PanelElement, define } from './panel';

class HubElement extends PanelElement {
  protected override _clicked(event: MouseEvent): void {
    super._clicked(event);
    const link = (event.target as Element).closest<HTMLElement>('[data-activity]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const asked = { store: this._store, activity: link.dataset.activity! };
    const ask = this._conversation.host.ask;
    // The page may take it elsewhere: by the event, or by its host where it gave no template.
    const taken = ask && !this.hasAttribute('href-template') && ask('navigate', asked);
    if (!this._note('navigate', asked) || taken) event.preventDefault();
  }

  protected override _adapt(): void {
    super._adapt();
    const template = this.getAttribute('href-template') || '?activity={activity}';
    const links = this._root ? this._root.querySelectorAll<HTMLAnchorElement>('a[data-activity]') : [];
    for (const link of Array.from(links)) {
      link.href = template.split('{activity}').join(encodeURIComponent(link.dataset.activity!));
    }
  }
}

/** Tells how a store's elements talk to it; before or after they appear on the page. */
export const configure = define(HubElement);
