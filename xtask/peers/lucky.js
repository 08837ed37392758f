// What all peers on lucky-canvas give it.
import { SPIN, colours } from './page.js';

export const size = { width: '300px', height: '300px' };
export const blocks = [{ padding: '10px', background: '#b91c1c' }];
export const prizes = (labels) =>
  labels.map((text, index) => ({
    background: colours[index % 2],
    fonts: [{ text, top: '15%', fontSize: '14px' }],
  }));
export const buttons = [
  { radius: '40%', background: '#b91c1c' },
  { radius: '30%', background: '#fff', pointer: true },
];
export const defaultConfig = { accelerationTime: SPIN / 2, decelerationTime: SPIN / 2 };

/** As its documents say: it begins at once and is told where to stop. */
export async function spin(wheel, prize) {
  wheel.play();
  wheel.stop(await prize);
}
