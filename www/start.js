// wasm-bindgen's own glue for the crate funfair-www; the crate's `start` draws the page.
import start from './funfair_www.js';

await start({ module_or_path: new URL('funfair_www_bg.wasm', import.meta.url) });
