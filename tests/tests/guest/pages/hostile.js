// What libraries of two decades have done to the pages that they are on.

// Members that `for … in` meets.
Object.prototype.extend = function () { return this; };
Object.prototype.each = function () { return this; };
Array.prototype.first = function () { return this[0]; };
Array.prototype.remove = function (what) { return this.filter(one => one !== what); };
Array.prototype.toJSON = function () { return 'a list'; };
String.prototype.strip = function () { return this.trim(); };
Function.prototype.defer = function () { setTimeout(this); };

// prototype.js: lists of what has a length, with no word of iterators or of a mapping.
Array.from = function (list) {
  if (!list) return [];
  let { length } = list;
  const made = new Array(length || 0);
  while (length-- > 0) made[length] = list[length];
  return made;
};
Element.prototype.remove = function () { this.parentNode.removeChild(this); return this; };
Element.prototype.update = function (html) { this.innerHTML = html; return this; };
Element.prototype.show = Element.prototype.hide = function () { return this; };
Function.prototype.bind = function (self, ...first) {
  const method = this;
  return function (...rest) { return method.apply(self, first.concat(rest)); };
};

// Wrappers: of the network, of JSON, of promises, of events.
const { parse, stringify } = JSON;
window.JSON = { parse: (text, revive) => parse(text, revive), stringify: (...what) => stringify(...what) };
const { fetch: plain, Promise: Plain } = window;
window.Promise = class WatchedPromise extends Plain {
  then(...how) { window.promised = (window.promised || 0) + 1; return super.then(...how); }
};
window.fetch = function (...how) { return new Promise((done, fail) => plain(...how).then(done, fail)); };
const Made = window.CustomEvent;
window.CustomEvent = function (name, init) { return new Made(name, Object.assign({}, init)); };
window.setTimeout = (later => function (act, ms, ...rest) { return later(() => act(...rest), ms); })(window.setTimeout);
const define = customElements.define;
customElements.define = function (...how) { return define.apply(customElements, how); };

// A library that is not there in full.
window.define = window.require = window.module = window.exports = undefined;
window.$ = window._ = window.name = 'taken';
