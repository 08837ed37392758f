// What axe-core passes over in forced colours: text of buttons that are disabled, and text whose own
// colour is kept on a ground that is not. A list of complaints.
const root = document.querySelector(arguments[0]).shadowRoot.querySelector('[data-state]');
const found = [];
const probe = document.createElement('i');
root.append(probe);
probe.style.color = 'Canvas';
const canvas = numbers(getComputedStyle(probe).color);
probe.remove();

function numbers(colour) {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return { parts: [red, green, blue], alpha };
}
function light({ parts }) {
  const [red, green, blue] = parts.map(part => (part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
  return .2126 * red + .7152 * green + .0722 * blue;
}
/** What the text stands on: text that gives up its colours is laid on a plate of the canvas. */
function ground(node) {
  if (getComputedStyle(node).forcedColorAdjust !== 'none') return canvas;
  for (; node; node = node.parentElement) {
    const { parts, alpha } = numbers(getComputedStyle(node).backgroundColor);
    // A system's highlight lets a little of the canvas through.
    if (alpha > .5) return { parts: parts.map((part, at) => part * alpha + canvas.parts[at] * (1 - alpha)) };
  }
  return canvas;
}

const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
for (let text = walker.nextNode(); text; text = walker.nextNode()) {
  const own = text.parentElement;
  if (!text.data.trim() || !own.checkVisibility() || own.closest('svg')) continue;
  const [one, other] = [light(numbers(getComputedStyle(own).color)), light(ground(own))];
  const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
  const least = own.closest('[aria-disabled], :disabled, form:not(:has(:checked)) > .main') ? 2 : 4.5;
  if (ratio < least) found.push(`"${text.data.trim().slice(0, 40)}" has a contrast of ${ratio.toFixed(2)}`);
}
return found;
