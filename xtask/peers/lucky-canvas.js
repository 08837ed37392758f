import { LuckyWheel } from 'lucky-canvas';
import { blocks, buttons, defaultConfig, prizes, size, spin } from './lucky.js';
import { wheels } from './page.js';

wheels((place, labels) => {
  const divElement = place.appendChild(document.createElement('div'));
  const settings = { blocks, prizes: prizes(labels), buttons, defaultConfig };
  const wheel = new LuckyWheel({ divElement, ...size }, settings);
  return (prize) => spin(wheel, prize);
});
