//! The golden draws as a wasm module, so that a test can compare them with the native ones.

#[path = "../tests/golden/vectors.rs"]
mod vectors;

use wasm_bindgen::prelude::wasm_bindgen;

/// All golden draws, one a line.
#[wasm_bindgen]
pub fn golden() -> String {
    vectors::lines()
}
