//! From the bundle's crate to wasm that a browser of 2018 runs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{
    BinaryReader, KnownCustom, Name, Parser, Payload, TypeRef, Validator, WasmFeatures,
};

use super::glue;
use super::manifest::{Bundle, Manifest};
use crate::process::{output, run};
use crate::repo::Repo;

/// Enough for any view; each widget of a page has a stack of its own.
const STACK_BYTES: u32 = 64 * 1024;
/// 64 kB pages that an instance may hold before it has drawn anything.
const START_PAGES: u64 = 4;

#[derive(Debug)]
pub struct Core {
    pub wasm: Vec<u8>,
    /// What keeps this wasm from being shipped; it can still be looked at.
    pub faults: Vec<String>,
}

/// Builds the bundle's crate alone (features of other crates do not unify into it) and lowers it.
pub fn core(repo: &Repo, manifest: &Manifest, bundle: &Bundle) -> Result<Core> {
    let compiled = compile(repo, bundle)?;
    let raw = without_stray_exports(&without_target_features(&compiled)?)?;

    let folder = repo.scratch("bundle").join(&bundle.name);
    let named = optimise(repo, manifest, &folder, &raw)?;
    let wasm = without_custom_sections(&named)?;
    let faults = [no_formatting(&named), runs_on_first_webassembly(&wasm)]
        .into_iter()
        .filter_map(|check| Some(format!("{}: {:#}", bundle.name, check.err()?)))
        .collect();
    Ok(Core { wasm, faults })
}

/// Writes a module that node requires, from what cargo built for wasm32.
pub fn for_node(built: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(built).nodejs(true).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    bindgen.generate(folder).map_err(|error| anyhow::anyhow!("{error:#}"))
}

/// Writes `<name>.js` and `<name>_bg.wasm` for a page to import.
pub fn for_page(built: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(built).typescript(false).omit_default_module_path(false);
    bindgen.web(true).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    bindgen.generate(folder).map_err(|error| anyhow::anyhow!("{error:#}"))
}

fn compile(repo: &Repo, bundle: &Bundle) -> Result<Vec<u8>> {
    let mut cargo = repo.cargo();
    cargo.args(["rustc", "--package=funfair-bundle", "--lib", "--profile=widget"]);
    cargo.args(["--target=wasm32-unknown-unknown", "--crate-type=cdylib"]);
    cargo.args(["--no-default-features", "--features", &bundle.kinds.join(",")]);
    cargo.arg("--").arg(format!("-Clink-arg=-zstack-size={STACK_BYTES}"));
    // Names are read by `no_formatting`, and dropped after it.
    cargo.env("CARGO_PROFILE_WIDGET_STRIP", "none");
    run(&mut cargo)?;
    let built = repo.target()?.join("wasm32-unknown-unknown/widget/funfair_bundle.wasm");
    std::fs::read(&built).with_context(|| built.display().to_string())
}

fn optimise(repo: &Repo, manifest: &Manifest, folder: &Path, raw: &[u8]) -> Result<Vec<u8>> {
    std::fs::create_dir_all(folder)?;
    let (input, named) = (folder.join("raw.wasm"), folder.join("named.wasm"));
    std::fs::write(&input, raw)?;
    let mut optimiser: Command = repo.npm_tool("wasm-opt");
    optimiser.arg(&input).arg("--output").arg(&named).arg("--debuginfo");
    optimiser.arg("--mvp-features");
    optimiser.args(manifest.reads.iter().map(|feature| format!("--enable-{feature}")));
    optimiser.args(&manifest.flags);
    run(&mut optimiser)?;
    std::fs::read(&named).context("the optimiser's output")
}

/// The same core without WebAssembly: a module whose `make` makes what an instance exports.
pub fn as_script(repo: &Repo, bundle: &Bundle) -> Result<String> {
    let folder = repo.scratch("bundle").join(&bundle.name);
    let (written, whole) = (folder.join("written.js"), folder.join("make.js"));
    let mut translator: Command = repo.npm_tool("wasm2js");
    translator.arg(folder.join("core.wasm")).arg("--output").arg(&written);
    run(translator.args(["-Oz", "--mvp-features", "--enable-mutable-globals"]))?;
    let text = std::fs::read_to_string(&written)?;
    // Its last lines make the one instance of a page; here each element has its own.
    let end = text.find("var retasmFunc").context("wasm2js ends its modules otherwise")?;
    std::fs::write(&whole, format!("{}export const make = () => asmFunc({{}});\n", &text[..end]))?;
    let mut esbuild = repo.npm_tool("esbuild");
    esbuild.arg(&whole).args(["--minify", "--format=esm", "--log-level=warning"]);
    output(esbuild.args(super::engines()))
}

/// Refuses Rust's formatting: it weighs more than a widget, and comes in by one `{}`.
fn no_formatting(wasm: &[u8]) -> Result<()> {
    let names = function_names(wasm)?;
    if names.is_empty() {
        bail!("the wasm has no names, so nothing can be said of what it contains");
    }
    let formatting: Vec<_> = names.iter().filter(|name| name.contains("core::fmt")).collect();
    if !formatting.is_empty() {
        bail!("the bundle contains core::fmt: {formatting:#?}");
    }
    Ok(())
}

/// WebAssembly as of 2017 plus exported mutable globals, which every engine with modules has.
fn runs_on_first_webassembly(wasm: &[u8]) -> Result<()> {
    let mut validator = Validator::new_with_features(WasmFeatures::WASM1);
    validator
        .validate_all(wasm)
        .context("the bundle needs more than WebAssembly's first version")?;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::MemorySection(memories) = payload? {
            for memory in memories {
                let pages = memory?.initial;
                if pages > START_PAGES {
                    bail!("an instance starts with {pages} pages of memory, {START_PAGES} allowed");
                }
            }
        }
    }
    Ok(())
}

/// Whether the check above can fail at all: on what the compiler writes, it has to.
pub fn is_refused_unlowered(repo: &Repo, bundle: &Bundle) -> Result<()> {
    let raw = std::fs::read(repo.scratch("bundle").join(&bundle.name).join("raw.wasm"))?;
    Validator::new().validate_all(&raw).context("no wasm at all")?;
    ensure!(runs_on_first_webassembly(&raw).is_err(), "what the lowering lowers is not in it");
    Ok(())
}

/// Functions by the bytes of their code, the largest first; needs a module with names.
pub fn heaviest(wasm: &[u8]) -> Result<Vec<(usize, String)>> {
    let mut names = function_names(wasm)?;
    let mut bodies = Vec::new();
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                let functions = imports.into_imports().filter(|import| {
                    import.as_ref().is_ok_and(|import| matches!(import.ty, TypeRef::Func(_)))
                });
                imported = functions.count();
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            _ => {}
        }
    }
    let own = names.split_off(imported.min(names.len()));
    let mut weighed: Vec<_> = bodies.into_iter().zip(own).collect();
    weighed.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    Ok(weighed)
}

fn function_names(wasm: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            if let Name::Function(functions) = subsection? {
                for function in functions {
                    // As it is written, without the hashes that tell compilations apart.
                    names.push(format!("{:#}", rustc_demangle::demangle(function?.name)));
                }
            }
        }
    }
    Ok(names)
}

/// Says that the compiler used no feature: what the optimiser may read is said by wasm-pack.toml.
fn without_target_features(wasm: &[u8]) -> Result<Vec<u8>> {
    rewritten(wasm, same, |name, body| match name {
        "target_features" => Some(vec![0]),
        _ => Some(body.to_vec()),
    })
}

/// Leaves what the page calls: an export that nobody uses keeps its code alive.
fn without_stray_exports(wasm: &[u8]) -> Result<Vec<u8>> {
    let kept = |section: &[u8]| {
        let mut entries = Vec::new();
        let mut count = 0;
        let mut reader = BinaryReader::new(section, 0);
        for _ in 0..reader.read_var_u32()? {
            let start = reader.current_position();
            let name = reader.read_string()?;
            reader.read_u8()?;
            reader.read_var_u32()?;
            if glue::EXPORTS.contains(&name) {
                entries.extend_from_slice(&section[start..reader.current_position()]);
                count += 1;
            }
        }
        if count != glue::EXPORTS.len() {
            bail!("the bundle exports {count} of {:?}", glue::EXPORTS);
        }
        let mut body = leb(count);
        body.extend(entries);
        Ok(body)
    };
    let body =
        |id: u8, section: &[u8]| if id == EXPORT { kept(section) } else { same(id, section) };
    rewritten(wasm, body, |_, body| Some(body.to_vec()))
}

fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>> {
    rewritten(wasm, same, |_, _| None)
}

/// The export section's id.
const EXPORT: u8 = 7;

#[expect(clippy::unnecessary_wraps, reason = "as `rewritten` takes it")]
fn same(_: u8, section: &[u8]) -> Result<Vec<u8>> {
    Ok(section.to_vec())
}

/// Copies a module; `body` says what becomes of each section, `custom` of each custom one.
fn rewritten(
    wasm: &[u8],
    body: impl Fn(u8, &[u8]) -> Result<Vec<u8>>,
    custom: impl Fn(&str, &[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let mut copy = wasm.get(..HEADER).context("not a wasm module")?.to_vec();
    let mut reader = BinaryReader::new(&wasm[HEADER..], HEADER);
    while !reader.eof() {
        let id = reader.read_u8()?;
        let length = reader.read_var_u32()? as usize;
        let section = reader.read_bytes(length)?;
        let kept = if id == 0 {
            let mut named = BinaryReader::new(section, 0);
            let name = named.read_string()?;
            custom(name, &section[named.current_position()..]).map(|body| {
                let mut whole = leb(name.len());
                whole.extend_from_slice(name.as_bytes());
                whole.extend(body);
                whole
            })
        } else {
            Some(body(id, section)?)
        };
        if let Some(kept) = kept {
            copy.push(id);
            copy.extend(leb(kept.len()));
            copy.extend(kept);
        }
    }
    Ok(copy)
}

/// An unsigned number as wasm writes it: seven bits a byte, the lowest first.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module of custom sections only.
    fn module(sections: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for (name, body) in sections {
            let mut section = leb(name.len());
            section.extend_from_slice(name.as_bytes());
            section.extend_from_slice(body);
            bytes.push(0);
            bytes.extend(leb(section.len()));
            bytes.extend(section);
        }
        bytes
    }

    /// The name section of one function.
    fn names(function: &str) -> Vec<u8> {
        let mut entry = vec![1, 0];
        entry.extend(leb(function.len()));
        entry.extend_from_slice(function.as_bytes());
        let mut section = vec![1];
        section.extend(leb(entry.len()));
        section.extend(entry);
        section
    }

    #[test]
    fn features_of_the_compiler_are_emptied_and_other_sections_stay() {
        let long = vec![7; 300];
        let wasm = module(&[("target_features", b"\x01+\x03abc"), ("other", &long)]);
        let expected = module(&[("target_features", b"\0"), ("other", &long)]);
        assert_eq!(without_target_features(&wasm).unwrap(), expected);
    }

    #[test]
    fn only_what_the_page_calls_stays_exported() {
        let section = |names: &[&str]| {
            let mut body = leb(names.len());
            for name in names {
                body.extend(leb(name.len()));
                body.extend_from_slice(name.as_bytes());
                body.extend([0, 1]);
            }
            let mut wasm = b"\0asm\x01\0\0\0\x07".to_vec();
            wasm.extend(leb(body.len()));
            wasm.extend(body);
            wasm
        };
        let stray = section(&["memory", "__data_end", "room", "turn"]);
        assert_eq!(without_stray_exports(&stray).unwrap(), section(&["memory", "room", "turn"]));
        without_stray_exports(&section(&["memory", "turn"])).unwrap_err();
    }

    #[test]
    fn formatting_is_refused_by_its_name() {
        let wasm = module(&[("name", &names("_ZN4core3fmt5write17h0123456789abcdefE"))]);
        assert!(no_formatting(&wasm).unwrap_err().to_string().contains("core::fmt::write"));
        let wasm = module(&[("name", &names("_RNvMNtCsgXGp5Oqx2Ny_4core3fmtNtB2_7Display3fmt"))]);
        assert!(no_formatting(&wasm).unwrap_err().to_string().contains("Display"));
        no_formatting(&module(&[("name", &names("funfair_kit::view"))])).unwrap();
    }

    #[test]
    fn wasm_without_names_proves_nothing() {
        no_formatting(&module(&[])).unwrap_err();
    }

    #[test]
    fn sign_extension_is_more_than_the_first_webassembly() {
        // (module (func (param i32) (result i32) local.get 0 i32.extend8_s))
        let wasm = b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7f\x01\x7f\x03\x02\x01\0\
            \x0a\x07\x01\x05\0\x20\0\xc0\x0b";
        Validator::new().validate_all(wasm).unwrap();
        runs_on_first_webassembly(wasm).unwrap_err();
    }

    #[test]
    fn five_pages_at_the_start_are_too_many() {
        runs_on_first_webassembly(b"\0asm\x01\0\0\0\x05\x03\x01\0\x04").unwrap();
        runs_on_first_webassembly(b"\0asm\x01\0\0\0\x05\x03\x01\0\x05").unwrap_err();
    }
}
