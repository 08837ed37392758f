// The page in the web view: one widget, and the bridge to the mini-program's pages.
import { connect } from '/funfair/0.1.0/bridge.js';

connect('acme', {
  login: '/pages/login/index',
  share: '/pages/share/index',
  activity: '/pages/game/index?activity={activity}',
});
const wheel = document.createElement('funfair-spin-wheel');
wheel.setAttribute('store', 'acme');
wheel.setAttribute('activity', new URL(location.href).searchParams.get('activity'));
wheel.append(document.getElementById('fallback'));
document.querySelector('main').append(wheel);
