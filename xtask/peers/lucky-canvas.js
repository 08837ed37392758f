// The wheel of the demo store, with nothing around it: six prizes, one button, one draw.
import { LuckyWheel } from 'lucky-canvas';
import { blocks, buttons, draw, prizes } from './wheel.js';

const root = document.querySelector('#wheel');
const wheel = new LuckyWheel(
  { el: '#wheel', width: '300px', height: '300px' },
  {
    blocks,
    prizes,
    buttons,
    async start() {
      wheel.play();
      wheel.stop(await draw());
    },
    end: (prize) => root.dispatchEvent(new CustomEvent('result', { detail: prize })),
  },
);
