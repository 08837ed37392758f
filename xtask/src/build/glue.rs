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
///
/// Where the page's policy, or the browser, allows no WebAssembly, the same core comes as a script
/// from beside this one. `?js` at this file's own URL asks for it at once: a page that is told of
/// every violation of its policy is then told of none.
pub fn core_module() -> String {
    format!(
        "import {{ name }} from 'funfair:bundle';\n\
         {UNPACK}\n\
         const file = './' + name + '.core.js';\n\
         let made;\n\
         export async function instantiate() {{\n\
           made = made || compiled().catch(() => import(file));\n\
           made.catch(() => {{ made = 0; }});\n\
           return core(await (await made).make());\n\
         }}\n\
         async function compiled() {{\n\
           if (/\\?js$/.test(import.meta.url)) throw 0;\n\
           const module = await WebAssembly.compile(unpack(\"{WASM_PLACE}\"));\n\
           return {{ make: () => WebAssembly.instantiate(module).then((it) => it.exports) }};\n\
         }}\n\
         function core(exports) {{\n\
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
