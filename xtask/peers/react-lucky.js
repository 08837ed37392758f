// The wheel of lucky-canvas.js as a React page has it.
import { LuckyWheel } from '@lucky-canvas/react';
import { createElement, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { blocks, buttons, defaultConfig, prizes, size, spin } from './lucky.js';
import { open, places } from './page.js';

function Wheel({ labels, mayPlay, play }) {
  const wheel = useRef(null);
  const [shown, setShown] = useState(null);
  const [may, setMay] = useState(false);
  useEffect(() => {
    labels.then((labels) => setShown(prizes(labels)));
    mayPlay.then(setMay);
  }, [labels, mayPlay]);
  if (!shown) return null;
  const settings = { ...size, blocks, prizes: shown, buttons, defaultConfig };
  const onClick = () => spin(wheel.current, play());
  return [
    createElement(LuckyWheel, { key: 'wheel', ref: wheel, ...settings }),
    createElement('button', { key: 'button', disabled: !may, onClick }, 'Spin'),
  ];
}

// Asked before anything is rendered, for no page need wait for that.
for (const place of places()) {
  const asked = open(place);
  createRoot(place).render(createElement(Wheel, asked));
}
