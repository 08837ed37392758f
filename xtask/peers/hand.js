// A wheel written by hand: drawn as SVG, turned by the browser's own animation.
import { SPIN, colours, wheels } from './page.js';

const SVG = 'http://www.w3.org/2000/svg';
const node = (parent, name, attributes) => {
  const made = parent.appendChild(document.createElementNS(SVG, name));
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
};

wheels((place, labels) => {
  const disc = node(place, 'svg', { viewBox: '-100 -100 200 200', width: 300, height: 300 });
  const part = 360 / labels.length;
  labels.forEach((label, index) => {
    const sector = node(disc, 'g', { transform: `rotate(${index * part})` });
    node(sector, 'circle', {
      r: 47,
      fill: 'none',
      stroke: colours[index % 2],
      'stroke-width': 94,
      'stroke-dasharray': `${(2 * Math.PI * 47) / labels.length} 999`,
      transform: `rotate(${-90 - part / 2})`,
    });
    node(sector, 'text', { y: -70, 'text-anchor': 'middle', 'font-size': 9 }).textContent = label;
  });
  return async (prize) => {
    const to = 360 * 6 - (await prize) * part;
    disc.animate([{ transform: 'none' }, { transform: `rotate(${to}deg)` }], {
      duration: SPIN,
      easing: 'cubic-bezier(.1,.7,.1,1)',
      fill: 'forwards',
    });
  };
});
