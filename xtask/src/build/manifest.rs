//! wasm-pack.toml: the bundles, how they are optimised and what each may weigh.

use anyhow::{Context, Result, bail};

use crate::repo::Repo;

#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// What wasm-opt is told to do.
    pub flags: Vec<String>,
    /// The features of WebAssembly that its input may use.
    pub reads: Vec<String>,
    pub bundles: Vec<Bundle>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub name: String,
    pub kinds: Vec<String>,
    /// Whether its elements show and do not play: another machine, another shell.
    pub panel: bool,
    pub budget_bytes: u64,
}

impl Manifest {
    pub fn read(repo: &Repo) -> Result<Self> {
        let text =
            std::fs::read_to_string(repo.path("wasm-pack.toml")).context("wasm-pack.toml")?;
        let manifest = Self::parse(&text).context("wasm-pack.toml")?;
        let (kinds, panels) = (repo.kinds()?, repo.panels()?);
        for bundle in &manifest.bundles {
            let known = if bundle.panel { &panels } else { &kinds };
            if let Some(stranger) = bundle.kinds.iter().find(|kind| !known.contains(kind)) {
                bail!(
                    "wasm-pack.toml: bundle.{} names nothing of widgets/: {stranger}",
                    bundle.name
                );
            }
        }
        Ok(manifest)
    }

    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse()?;
        let optimiser = table.get("optimiser").context("no table [optimiser]")?;
        let bundles = table.get("bundle").and_then(toml::Value::as_table);
        let bundles = bundles.context("no table [bundle.NAME]")?.iter().map(|(name, value)| {
            let budget = value.get("budget_bytes").and_then(toml::Value::as_integer);
            let panel = value.get("panels").is_some();
            let list = words(value, if panel { "panels" } else { "kinds" });
            Ok(Bundle {
                name: name.clone(),
                kinds: list.with_context(|| format!("bundle.{name}"))?,
                panel,
                budget_bytes: budget
                    .and_then(|bytes| u64::try_from(bytes).ok())
                    .with_context(|| format!("bundle.{name} has no budget_bytes"))?,
            })
        });
        let manifest = Self {
            flags: words(optimiser, "flags").context("optimiser")?,
            reads: words(optimiser, "reads").context("optimiser")?,
            bundles: bundles.collect::<Result<_>>()?,
        };
        if manifest.flags.iter().any(|flag| flag.starts_with("--all") || flag == "-all") {
            bail!("optimiser.flags: `-all` lets in features that old webviews lack");
        }
        Ok(manifest)
    }
}

fn words(value: &toml::Value, key: &str) -> Result<Vec<String>> {
    let list = value.get(key).and_then(toml::Value::as_array);
    let list = list.with_context(|| format!("no list `{key}`"))?;
    list.iter()
        .map(|word| word.as_str().map(str::to_owned))
        .collect::<Option<_>>()
        .with_context(|| format!("`{key}` is a list of strings"))
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    const OPTIMISER: &str = "[optimiser]\nflags = [\"-Oz\"]\nreads = []\n";

    #[test]
    fn a_bundle_has_kinds_and_a_budget() {
        let text = format!("{OPTIMISER}[bundle.both]\nkinds = [\"a\", \"b\"]\nbudget_bytes = 5");
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!(manifest.bundles[0].kinds, ["a", "b"]);
        assert_eq!(manifest.bundles[0].budget_bytes, 5);
    }

    #[test]
    fn a_bundle_of_panels_has_another_machine() {
        let text = format!("{OPTIMISER}[bundle.hub]\npanels = [\"hub\"]\nbudget_bytes = 5");
        let manifest = Manifest::parse(&text).unwrap();
        assert!(manifest.bundles[0].panel);
        assert_eq!(manifest.bundles[0].kinds, ["hub"]);
    }

    #[test]
    fn a_bundle_without_a_budget_is_an_error() {
        let text = format!("{OPTIMISER}[bundle.both]\nkinds = [\"a\"]");
        let error = Manifest::parse(&text).unwrap_err();
        assert_eq!(error.to_string(), "bundle.both has no budget_bytes");
    }

    #[test]
    fn all_features_at_once_are_refused() {
        let text = "[optimiser]\nflags = [\"-all\"]\nreads = []\n[bundle]";
        assert!(Manifest::parse(text).unwrap_err().to_string().contains("-all"));
    }
}
