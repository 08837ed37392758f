//! The module `funfair:core`, which the TypeScript shell imports: wasm-bindgen's glue in a factory.
//!
//! wasm-bindgen keeps its instance in module-global variables, so a page with two widgets would
//! share one; in a function, each call has its own. **The compiled module is shared, an instance
//! never**: a panic ends one widget.

use anyhow::{Context, Result, bail};

/// Stands in the bundled file until the optimised wasm is written in its place.
pub const WASM_PLACE: &str = "@funfair-wasm@";

/// Everything that wasm-bindgen writes from here on fetches, streams or warns; a factory that is
/// handed a compiled module needs none of it.
const LOADING: &str = "let wasmModule, wasmInstance, wasm;";

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

/// The body of a function of `module` that returns a promise of the crate's exported functions.
fn factory(glue: &str) -> Result<String> {
    let (bindings, loading) = glue
        .split_once(LOADING)
        .context("wasm-bindgen's glue has changed: its loading part was not found")?;
    let mut names = Vec::new();
    let mut body = String::new();
    for line in bindings.lines() {
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
        body.push_str(line);
        body.push('\n');
    }
    if names.is_empty() {
        bail!("the bundle exports no function");
    }
    let start = if loading.contains("__wbindgen_start") { "wasm.__wbindgen_start();" } else { "" };
    Ok(format!(
        "let wasm;\n{body}\
         return WebAssembly.instantiate(module, __wbg_get_imports()).then((made) => {{\n\
           wasm = made.exports;\n{start}\n\
           return {{ {} }};\n\
         }});\n",
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::factory;

    #[test]
    fn exports_become_what_the_factory_returns() {
        let glue = "export function turn(what) {\n  return wasm.turn(what);\n}\n\
            function __wbg_get_imports() { return {}; }\n\
            let wasmModule, wasmInstance, wasm;\nfetch();\n";
        let body = factory(glue).unwrap();
        assert!(body.starts_with("let wasm;\nfunction turn(what) {"), "{body}");
        assert!(body.contains("return { turn };"), "{body}");
        assert!(!body.contains("fetch"), "{body}");
    }

    #[test]
    fn glue_of_another_shape_is_an_error() {
        factory("export function turn() {}").unwrap_err();
        factory("export class Turn {}\nlet wasmModule, wasmInstance, wasm;").unwrap_err();
    }
}
