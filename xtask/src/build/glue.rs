//! The module `funfair:core`, which the TypeScript shell imports: what makes an instance of the core.
//!
//! Each call makes its own: a page with two widgets has two. **The compiled module is shared, an
//! instance never**: a panic ends one widget.

/// What the page calls, and where its texts lie: all that a core exports.
pub const EXPORTS: [&str; 3] = ["memory", "room", "turn"];

/// The text of `funfair:core`; the other side is the bundle's `browser.rs`. The core is asked for
/// beside the texts and the activity, so it costs no round trip of its own, and only as the bytes
/// that were built: `integrity` is theirs. Compiled from bytes, it needs no media type.
///
/// Where the page's policy, or the browser, allows no WebAssembly, the same core comes as a script
/// from beside this one. `?js` at this file's own URL asks for it at once: a page that is told of
/// every violation of its policy is then told of none.
pub fn core_module(integrity: &str) -> String {
    format!(
        "import {{ name }} from 'funfair:bundle';\n\
         const file = './' + name;\n\
         const script = file + '.core.js';\n\
         let made;\n\
         export async function instantiate() {{\n\
           made = made || compiled().catch(() => import(script));\n\
           made.catch(() => {{ made = 0; }});\n\
           return core(await (await made).make());\n\
         }}\n\
         async function compiled() {{\n\
           if (/\\?js$/.test(import.meta.url)) throw 0;\n\
           // Where there is none, this ends here and nothing is fetched.\n\
           const wasm = WebAssembly;\n\
           const url = new URL(file + '.wasm', import.meta.url).href;\n\
           const answer = await fetch(url, {{ integrity: '{integrity}' }});\n\
           const module = await wasm.compile(await answer.arrayBuffer());\n\
           return {{ make: () => wasm.instantiate(module).then((it) => it.exports) }};\n\
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
