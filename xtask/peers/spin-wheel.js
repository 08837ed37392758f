import { Wheel } from 'spin-wheel';
import { SPIN, colours, wheels } from './page.js';

wheels((place, labels) => {
  const around = place.appendChild(document.createElement('div'));
  around.style.cssText = 'width: 300px; height: 300px';
  const items = labels.map((label) => ({ label }));
  const wheel = new Wheel(around, { items, itemBackgroundColors: colours, isInteractive: false });
  return async (prize) => wheel.spinToItem(await prize, SPIN, true, 6);
});
