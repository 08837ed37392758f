//! The module `funfair:core`, which the TypeScript shell imports: wasm-bindgen's glue in a factory.
//!
//! wasm-bindgen keeps its instance in module-global variables, so a page with two widgets would
//! share one; in a function, each call has its own. **The compiled module is shared, an instance
//! never**: a panic ends one widget.

use anyhow::{Context, Result, bail};

/// Stands in the bundled file until the optimised wasm is written in its place.
pub const WASM_PLACE: &str = "@funfair-wasm@";

/// After the exported functions come the imports, then helpers, then what loads a module.
const IMPORTS: &str = "function __wbg_get_imports()";
const LOADING: &str = "let wasmModule, wasmInstance, wasm;";

/// wasm-bindgen's helpers stream into grown memory, count bytes for an old Safari and stand in for
/// a missing `encodeInto`: 0.4 kB after brotli that texts of some kilobytes do not need.
const HELPERS: [(&str, &str); 3] = [
    (
        "getDataViewMemory0",
        "function getDataViewMemory0() { return new DataView(wasm.memory.buffer); }",
    ),
    (
        "getStringFromWasm0",
        "function getStringFromWasm0(at, length) {\n\
           return new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, at, length));\n\
         }",
    ),
    (
        "passStringToWasm0",
        "let WASM_VECTOR_LEN;\n\
         function passStringToWasm0(text, allocate) {\n\
           const bytes = new TextEncoder().encode(text);\n\
           const at = allocate(bytes.length, 1);\n\
           new Uint8Array(wasm.memory.buffer).set(bytes, at);\n\
           WASM_VECTOR_LEN = bytes.length;\n\
           return at;\n\
         }",
    ),
];

/// The text of `funfair:core`.
pub fn core_module(glue: &str) -> Result<String> {
    let factory = factory(glue)?;
    Ok(format!(
        "{unpack}\n\
         let compiled;\n\
         export function instantiate() {{\n\
           compiled = compiled || WebAssembly.compile(unpack(\"{WASM_PLACE}\"));\n\
           return compiled.then(instance);\n\
         }}\n\
         function instance(module) {{\n{factory}}}\n",
        unpack = super::pack::UNPACK,
    ))
}

/// Whether the module's export of this name is called from the page.
pub fn calls(glue: &str, export: &str) -> bool {
    let called = |after: char| glue.contains(&format!("wasm.{export}{after}"));
    // A text is passed whole, so nothing that was allocated grows.
    let grows = export == "__wbindgen_realloc";
    export == "memory" || !grows && [')', '(', ',', ';'].into_iter().any(called)
}

/// What a helper of wasm-bindgen's is exported as: only its glue calls it, and by a long name.
pub fn short_name(export: &str, index: usize) -> Option<String> {
    let helper = export.strip_prefix("__wbindgen_")?;
    // The factory asks for it by its name.
    (helper != "start").then(|| format!("w{index}"))
}

/// The glue with an export's new name.
pub fn renamed(glue: &str, export: &str, short: &str) -> String {
    let call = format!("wasm.{export}");
    let mut pieces = glue.split(&call);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| {
        let longer = piece.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        out + "wasm." + if longer { export } else { short } + piece
    })
}

/// The body of a function of `module` that returns a promise of the crate's exported functions.
fn factory(glue: &str) -> Result<String> {
    let changed = || "wasm-bindgen's glue has changed: its parts were not found";
    let (exports, rest) = glue.split_once(IMPORTS).with_context(changed)?;
    let (inner, loading) = rest.split_once(LOADING).with_context(changed)?;
    let (imports, _) = inner.split_once("\n}\n").with_context(changed)?;
    let mut names = Vec::new();
    let mut body = String::new();
    for line in exports.lines() {
        let line = match line.strip_prefix("export ") {
            None => line,
            Some(declaration) => {
                let name = declaration.strip_prefix("function ").and_then(|rest| {
                    let end = rest.find('(')?;
                    Some(&rest[..end])
                });
                let Some(name) = name else {
                    bail!("the bundle exports more than functions: {line}");
                };
                names.push(name);
                declaration
            }
        };
        body.push_str(&line.replace(", wasm.__wbindgen_realloc)", ")"));
        body.push('\n');
    }
    if names.is_empty() {
        bail!("the bundle exports no function");
    }
    let used: Vec<_> = HELPERS.iter().filter(|(name, _)| body.contains(name)).collect();
    if let Some(stranger) = helper_without_own(&format!("{body}{imports}")) {
        bail!("the bundle passes more than strings and numbers: {stranger}");
    }
    let helpers: Vec<_> = used.into_iter().map(|(_, text)| *text).collect();
    let start = if loading.contains("__wbindgen_start") { "wasm.__wbindgen_start();" } else { "" };
    Ok(format!(
        "let wasm;\n{body}{IMPORTS}{imports}\n}}\n{}\n\
         return WebAssembly.instantiate(module, __wbg_get_imports()).then((made) => {{\n\
           wasm = made.exports;\n{start}\n\
           return {{ {} }};\n\
         }});\n",
        helpers.join("\n"),
        names.join(", ")
    ))
}

/// A helper that the text calls and that is not in [`HELPERS`]; wasm-bindgen ends the names of
/// what touches memory with `0`.
fn helper_without_own(text: &str) -> Option<&str> {
    let called = text.match_indices("0(").filter_map(|(end, _)| {
        let start = text[..end].rfind(|c: char| !(c.is_alphanumeric() || c == '_'))?;
        Some(&text[start + 1..=end])
    });
    called.into_iter().find(|name| {
        let touches = name.ends_with("Wasm0") || name.ends_with("Memory0");
        touches && HELPERS.iter().all(|(own, _)| own != name)
    })
}

#[cfg(test)]
mod tests {
    use super::{calls, factory, renamed, short_name};

    const END: &str = "function __wbg_get_imports() {\n  return {};\n}\nfunction old() {}\n\
        let wasmModule, wasmInstance, wasm;\nfetch();\n";

    #[test]
    fn exports_become_what_the_factory_returns() {
        let turn = "export function turn(what) {\n  return wasm.turn(what);\n}\n";
        let body = factory(&format!("{turn}{END}")).unwrap();
        assert!(body.starts_with("let wasm;\nfunction turn(what) {"), "{body}");
        assert!(body.contains("return { turn };"), "{body}");
        assert!(!body.contains("fetch") && !body.contains("old"), "{body}");
    }

    #[test]
    fn strings_are_passed_by_the_smaller_helpers() {
        let turn = "export function turn(a) {\n  const ptr = passStringToWasm0(a, \
            wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);\n}\n";
        let body = factory(&format!("{turn}{END}")).unwrap();
        assert!(body.contains("passStringToWasm0(a, wasm.__wbindgen_malloc)"), "{body}");
        assert!(body.contains("function passStringToWasm0(text, allocate)"), "{body}");
        assert!(!body.contains("getStringFromWasm0"), "{body}");
    }

    #[test]
    fn a_helper_without_a_smaller_one_is_an_error() {
        let turn =
            "export function turn(a) {\n  passArray8ToWasm0(a, wasm.__wbindgen_malloc);\n}\n";
        let error = factory(&format!("{turn}{END}")).unwrap_err();
        assert!(error.to_string().ends_with("passArray8ToWasm0"), "{error}");
    }

    #[test]
    fn glue_of_another_shape_is_an_error() {
        factory("export function turn() {}").unwrap_err();
        factory(&format!("export class Turn {{}}\n{END}")).unwrap_err();
    }

    #[test]
    fn helpers_are_called_by_their_short_names() {
        assert_eq!(short_name("__wbindgen_malloc", 2).unwrap(), "w2");
        assert_eq!(short_name("turn", 1), None);
        assert_eq!(short_name("__wbindgen_start", 1), None);
        let glue = "f(wasm.__wbindgen_free, wasm.__wbindgen_free_all, wasm.__wbindgen_free)";
        let short = "f(wasm.w0, wasm.__wbindgen_free_all, wasm.w0)";
        assert_eq!(renamed(glue, "__wbindgen_free", "w0"), short);
    }

    #[test]
    fn only_what_the_page_calls_stays_exported() {
        let glue = "wasm.turn(passStringToWasm0(a, wasm.__wbindgen_malloc)); wasm.free(a);";
        assert!(calls(glue, "turn") && calls(glue, "__wbindgen_malloc") && calls(glue, "memory"));
        assert!(!calls(glue, "__wbindgen_realloc") && !calls(glue, "__wbindgen_skip"));
    }
}
