//! The module `funfair:core`, which the TypeScript shell imports: what makes an instance of the core.
//!
//! Each call makes its own: a page with two widgets has two. **The compiled module is shared, an
//! instance never**: a panic ends one widget.

use super::pack::UNPACK;

/// Stands in the bundled file until the optimised wasm is written in its place.
pub const WASM_PLACE: &str = "@funfair-wasm@";

/// What the page calls, and where its texts lie: all that a core exports.
pub const EXPORTS: [&str; 3] = ["memory", "room", "turn"];

/// The text of `funfair:core`; the other side is the bundle's `browser.rs`.
pub fn core_module() -> String {
    format!(
        "{UNPACK}\n\
         let compiled;\n\
         export function instantiate() {{\n\
           compiled = compiled || WebAssembly.compile(unpack(\"{WASM_PLACE}\"));\n\
           return compiled.then((module) => WebAssembly.instantiate(module)).then(core);\n\
         }}\n\
         function core({{ exports }}) {{\n\
           return {{\n\
             turn(what, now, texts) {{\n\
               const told = new TextEncoder().encode(texts);\n\
               const room = exports.room(told.length);\n\
               new Uint8Array(exports.memory.buffer).set(told, room);\n\
               const answer = exports.turn(what, now, room, told.length);\n\
               const bytes = new Uint8Array(exports.memory.buffer);\n\
               return new TextDecoder().decode(bytes.subarray(answer, bytes.indexOf(0, answer)));\n\
             }},\n\
           }};\n\
         }}\n"
    )
}
