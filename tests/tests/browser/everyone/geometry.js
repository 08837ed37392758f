// What a shopper with large text or a small screen would stumble over; a list of complaints.
const element = document.querySelector(arguments[0]);
const root = element.shadowRoot.querySelector('[data-state]');
const wide = document.documentElement.clientWidth;
const found = [];
const box = node => node.getBoundingClientRect();
const seen = node => node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  && !node.closest('[inert]') && !node.closest('.said');
const name = node => node.nodeName.toLowerCase() + (node.className.baseVal ?? '.' + node.className)
  + ' "' + (node.ariaLabel || node.textContent || node.name || '').trim().slice(0, 40) + '"';

if (document.scrollingElement.scrollWidth > wide) {
  found.push(`the page is ${document.scrollingElement.scrollWidth} wide on ${wide}`);
}

// WCAG 2.5.8: 24 by 24, or a label as large that does the same; a link within a sentence is exempt.
for (const node of root.querySelectorAll('a[href], button, input, select, summary')) {
  const both = [node, node.matches('input') && node.closest('label') || node].map(box);
  const size = { width: Math.max(...both.map(it => it.width)), height: Math.max(...both.map(it => it.height)) };
  if (!seen(node) || getComputedStyle(node).pointerEvents === 'none' || node.closest('p a')) continue;
  // The link of a card is as large as the card.
  const after = getComputedStyle(node, '::after');
  if (after.position === 'absolute' && after.inset === '0px') continue;
  if (size.width < 24 || size.height < 24) {
    found.push(`${name(node)} is ${size.width.toFixed(1)} by ${size.height.toFixed(1)}`);
  }
}

// Text that leaves what cuts it off, or the button that it stands on.
const cuts = node => getComputedStyle(node).overflow !== 'visible' || node.matches('button');
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const own = text.parentElement;
  if (!text.data.trim() || !seen(own) || own.closest('.status') && box(own.closest('.status')).width < 2) continue;
  const range = document.createRange();
  range.selectNodeContents(text);
  const lines = [...range.getClientRects()].filter(line => line.width > 0);
  for (let node = own; node; node = node.parentElement) {
    if (!cuts(node)) continue;
    const edge = box(node);
    const out = lines.some(line => line.left < edge.left - 1 || line.right > edge.right + 1
      // A font's own box is higher than what it draws.
      || line.top < edge.top - line.height / 6 || line.bottom > edge.bottom + line.height / 6);
    if (out) {
      found.push(`"${text.data.trim().slice(0, 40)}" is cut off by ${node.nodeName.toLowerCase()}.${node.className}`);
      break;
    }
  }
}
return found;
