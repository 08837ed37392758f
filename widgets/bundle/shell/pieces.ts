// JSON for the core, which has no parser of its own: the page's is there for nothing.

/** Ends each piece; no text of an answer has it. */
const END = '\x01';

/**
 * A JSON text as the core's `Tree::read` takes it: a node's key, its text, how many nodes are in it,
 * and these. Nothing for an empty text; a bare node for one that is no JSON, say a proxy's page.
 */
export function pieces(json: string): string {
  try {
    return json && node('', JSON.parse(json));
  } catch {
    return node('', '');
  }
}

function node(key: string, value: unknown): string {
  let text = value === true ? '1' : value;
  let inner = '';
  let count = 0;
  if (typeof value === 'object') {
    text = '';
    // Own keys alone: pages add to the prototypes of objects and lists.
    for (const name of Object.keys(value as object)) {
      const kid = (value as Record<string, unknown>)[name];
      if (kid || kid === 0 || kid === '') {
        inner += node(name, kid);
        count++;
      }
    }
  }
  return [key, text, count].map((piece) => String(piece).split(END).join('') + END).join('') + inner;
}
