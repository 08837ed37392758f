// The file a page loads: defines this bundle's elements and gives the host its one function.

import { kinds } from 'funfair:bundle';
import { FunfairElement } from './element';
import { Hosts, hosts } from './host';

/** Tells how a store's elements talk to it; before or after they appear on the page. */
export const configure: Hosts['configure'] = (store, host) => hosts.configure(store, host);

for (const slug of kinds) {
  const name = `funfair-${slug}`;
  // Of two bundles on one page, the first defines.
  if (!customElements.get(name)) {
    customElements.define(name, class extends FunfairElement {
      slug = slug;
    });
  }
}
