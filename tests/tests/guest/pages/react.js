// Two routes in React 19: one carries a widget.

import { createElement, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Shop() {
  const [route, go] = useState(location.hash);
  useEffect(() => {
    const changed = () => go(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  if (route !== '#/wheel') return createElement('p', null, 'Home');
  return createElement(
    'funfair-spin-wheel',
    { store: 'acme', activity: 'wheel', 'token-url': '/shop/token', 'onfunfair-result': heard },
    'Fallback',
  );
}

function heard() {
  seen.heard = (seen.heard || 0) + 1;
}

createRoot(document.getElementById('app')).render(createElement(Shop));
