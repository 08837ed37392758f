// Makes real nodes of the core's view and keeps them: never markup, never a style attribute.

/** `["tag.class name=value …", {attribute: value}…, child…]`, or a text. */
export type Written = string | (Record<string, string> | Written)[];

/** The same, read: an element, or a text where there is no tag. */
interface Made {
  tag: string;
  attributes: Record<string, string>;
  children: Written[];
  text: string;
}

const SVG = 'http://www.w3.org/2000/svg';

/** What a node was last made from, so that only differences touch the page. */
const made = new WeakMap<Node, Made>();

function read(written: Written): Made {
  const attributes: Record<string, string> = {};
  const children: Written[] = [];
  let tag = '';
  if (typeof written === 'string') return { tag, attributes, children, text: written };
  const [head, ...rest] = written;
  const words = (head as string).split(' ');
  const names = words.shift()!.split('.');
  tag = names.shift()!;
  if (names.length) attributes.class = names.join(' ');
  for (const word of words) {
    const at = word.indexOf('=');
    attributes[word.slice(0, at)] = word.slice(at + 1);
  }
  for (const part of rest) {
    if (typeof part === 'string' || Array.isArray(part)) children.push(part);
    else Object.assign(attributes, part);
  }
  return { tag, attributes, children, text: '' };
}

/** Makes `node`, a child of `parent`, look like `written`; returns it or what took its place. */
export function patch(parent: Node, node: Node | null, written: Written): Node {
  return fit(parent, node, read(written));
}

function fit(parent: Node, node: Node | null, view: Made): Node {
  const was = node && made.get(node);
  if (!node || !was || was.tag !== view.tag || was.attributes.key !== view.attributes.key) {
    node = view.tag
      ? document.createElementNS(
          view.tag === 'svg' ? SVG : (parent as Element).namespaceURI || null,
          view.tag,
        )
      : document.createTextNode(view.text);
  } else if (was.text !== view.text) {
    node.nodeValue = view.text;
  }
  if (view.tag) {
    change(node as Element, (made.get(node) || read('')).attributes, view.attributes);
    fill(node, view.children.map(read));
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

/** Matches children by key, the others in their order; what is left over goes. */
function fill(parent: Node, views: Made[]): void {
  const keyed = new Map<string, Node>();
  const plain: Node[] = [];
  for (const node of Array.from(parent.childNodes)) {
    const key = made.get(node)?.attributes.key;
    if (key) keyed.set(key, node);
    else plain.push(node);
  }
  let next = parent.firstChild;
  for (const view of views) {
    const key = view.attributes.key;
    const node = fit(parent, (key ? keyed.get(key) : plain.shift()) || null, view);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
  while (next) {
    const rest = next.nextSibling;
    parent.removeChild(next);
    next = rest;
  }
}
