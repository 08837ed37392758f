// The wheel of lucky-canvas.js again, as a React page has it.
import { LuckyWheel } from '@lucky-canvas/react';
import { createElement, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { blocks, buttons, draw, prizes } from './wheel.js';

function Wheel() {
  const wheel = useRef(null);
  const [won, setWon] = useState('');
  const start = async () => {
    wheel.current.play();
    wheel.current.stop(await draw());
  };
  const end = (prize) => setWon(prize.fonts[0].text);
  const size = { width: '300px', height: '300px' };
  return createElement(
    'div',
    null,
    createElement(LuckyWheel, { ref: wheel, ...size, blocks, prizes, buttons, onStart: start, onEnd: end }),
    createElement('p', { role: 'status' }, won),
  );
}

createRoot(document.querySelector('#wheel')).render(createElement(Wheel));
