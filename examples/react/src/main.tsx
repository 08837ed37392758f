// A shop of two routes in React 19; one carries a widget.
import type { Receipt } from 'funfair';
import 'funfair/spin-wheel';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Shop() {
  const route = useRoute();
  return (
    <>
      <nav>
        <a href="#/">Goods</a> <a href="#/wheel">Wheel</a>
      </nav>
      {route === '#/wheel' ? <Wheel /> : <p>Kettles, lamps, backpacks.</p>}
    </>
  );
}

function Wheel() {
  const [won, setWon] = useState<Receipt>();
  const [asked, setAsked] = useState(false);
  return (
    <main>
      <funfair-spin-wheel
        store="acme"
        activity="wheel"
        token-url="/shop/token"
        onfunfair-login-required={() => setAsked(true)}
        onfunfair-result={(event) => setWon(event.detail)}
      >
        The wheel comes in a moment.
      </funfair-spin-wheel>
      {won && <p role="status">Your play is {won.id}.</p>}
      {asked && (
        <form method="post" action="/shop/sign-in">
          <label>
            Your name <input name="name" autoFocus required />
          </label>
          <button>Sign in</button>
        </form>
      )}
    </main>
  );
}

function useRoute() {
  const [route, setRoute] = useState(location.hash);
  useEffect(() => {
    const changed = () => setRoute(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

createRoot(document.getElementById('app')!).render(<Shop />);
