//! The playground: every kind of the catalogue on one page, with no backend behind it.
//!
//! **The same engine and the same kinds as the server's**, run in the page over a store in memory;
//! the widgets are the very bundle that a store embeds, and speak the host API to it.
//! **The clock is the page's**: it starts where all examples are open, and a button moves it on.
//! **Nothing is kept**: a reload begins anew.

mod backend;
mod bridge;
mod page;
mod texts;

use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the playground into the page's element `playground`.
#[wasm_bindgen(start)]
pub fn start() {
    bridge::mount::<page::Page>("playground");
}
