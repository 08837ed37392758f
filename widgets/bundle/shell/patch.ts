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

/** Takes what a server has drawn as made here; returns it. */
export function adopt(node: Node): Node {
  const view = read(node.nodeValue || '');
  const { attributes, localName } = node as Element;
  view.tag = localName || '';
  for (const { name, value } of Array.from(attributes || [])) view.attributes[name] = value;
  made.set(node, view);
  node.childNodes.forEach(adopt);
  return node;
}

function fit(parent: Node, node: Node | null, view: Made): Node {
  if (!node || !fits(node, view)) {
    node = view.tag
      ? document.createElementNS(
          view.tag === 'svg' ? SVG : (parent as Element).namespaceURI || null,
          view.tag,
        )
      : document.createTextNode(view.text);
  } else if (made.get(node)!.text !== view.text) {
    node.nodeValue = view.text;
  }
  if (view.tag) {
    change(node as Element, (made.get(node) || read('')).attributes, view.attributes);
    fill(node, view.children.map(read));
  }
  made.set(node, view);
  return node;
}

/**
 * Writes what differs from the last view. Attributes, never properties: what a shopper has typed or
 * chosen in a field is a property, and stays.
 */
function change(node: Element, was: Record<string, string>, now: Record<string, string>): void {
  for (const name in was) if (!(name in now)) node.removeAttribute(name);
  for (const name in now) {
    if (name !== 'key' && was[name] !== now[name]) node.setAttribute(name, now[name]!);
  }
}

/** Whether a node can become a view: of the same key and tag. */
function fits(node: Node, view: Made): boolean {
  const was = made.get(node);
  return !!was && was.tag === view.tag && was.attributes.key === view.attributes.key;
}

/**
 * Matches children by key and tag, in their order. What is left over goes first, so that what stays
 * need not be moved: a field that is moved loses the focus.
 */
function fill(parent: Node, views: Made[]): void {
  const old = Array.from(parent.childNodes) as Node[];
  const nodes = views.map((view) => {
    const at = old.findIndex((node) => fits(node, view));
    return at < 0 ? null : old.splice(at, 1)[0]!;
  });
  for (const node of old) parent.removeChild(node);
  let next = parent.firstChild;
  views.forEach((view, at) => {
    const node = fit(parent, nodes[at]!, view);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  });
}
