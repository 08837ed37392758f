// The file a page loads for what shows and does not play; `index.ts` is the one for what plays.

import { kinds } from 'funfair:bundle';
import { Hosts, hosts } from './host';
import { PanelElement } from './panel';

/** Tells how a store's elements talk to it; before or after they appear on the page. */
export const configure: Hosts['configure'] = (store, host) => hosts.configure(store, host);

for (const slug of kinds) {
  const name = `funfair-${slug}`;
  if (!customElements.get(name)) {
    customElements.define(name, class extends PanelElement {
      slug = slug;
    });
  }
}
