// Makes real nodes of the core's tree and keeps them: never markup, never a style attribute.

/** `["tag", {attribute: value}, …children]`, or a text. */
export type View = string | [string, Record<string, string>, ...View[]];

const SVG = 'http://www.w3.org/2000/svg';

/** What a node was last made from, so that only differences touch the page. */
const made = new WeakMap<Node, View>();

/** Makes `node` look like `view`; returns it, or the node that took its place. */
export function patch(parent: Node, node: Node | null, view: View): Node {
  const was = node && made.get(node);
  if (node && was && fits(was, view)) {
    if (typeof view === 'string') {
      if (was !== view) node.nodeValue = view;
    } else {
      change(node as Element, (was as typeof view)[1], view[1]);
      kids(node, view.slice(2) as View[]);
    }
    made.set(node, view);
    return node;
  }
  const fresh = make(parent, view);
  if (node) parent.replaceChild(fresh, node);
  else parent.appendChild(fresh);
  return fresh;
}

const keyOf = (view: View | undefined): string | undefined =>
  typeof view === 'object' ? view[1].key : undefined;

function fits(was: View, view: View): boolean {
  return typeof was === 'string' || typeof view === 'string'
    ? typeof was === typeof view
    : was[0] === view[0] && was[1].key === view[1].key;
}

function make(parent: Node, view: View): Node {
  let node: Node;
  if (typeof view === 'string') {
    node = document.createTextNode(view);
  } else {
    const within = (parent as Element).namespaceURI === SVG || view[0] === 'svg';
    node = within ? document.createElementNS(SVG, view[0]) : document.createElement(view[0]);
    change(node as Element, {}, view[1]);
    for (const kid of view.slice(2) as View[]) node.appendChild(make(node, kid));
  }
  made.set(node, view);
  return node;
}

function change(node: Element, was: Record<string, string>, now: Record<string, string>): void {
  for (const name in was) if (!(name in now)) node.removeAttribute(name);
  for (const name in now) {
    if (name !== 'key' && was[name] !== now[name]) node.setAttribute(name, now[name]!);
  }
}

/** Matches children by key, the others in their order. */
function kids(parent: Node, views: View[]): void {
  const old = Array.from(parent.childNodes);
  const keyed = new Map<string, ChildNode>();
  for (const node of old) {
    const key = keyOf(made.get(node));
    if (key) keyed.set(key, node);
  }
  const plain = old.filter((node) => !keyOf(made.get(node)));
  const kept = new Set<Node>();
  let before: Node | null = null;
  for (const view of views) {
    const key = keyOf(view);
    const candidate = (key ? keyed.get(key) : plain.shift()) || null;
    const known = candidate && made.get(candidate);
    const node: Node =
      candidate && known && fits(known, view) ? patch(parent, candidate, view) : make(parent, view);
    const next: Node | null = before ? before.nextSibling : parent.firstChild;
    if (node !== next) parent.insertBefore(node, next);
    kept.add(node);
    before = node;
  }
  for (const node of old) if (!kept.has(node)) parent.removeChild(node);
}
