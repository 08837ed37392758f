//! The peers: what else a merchant could put on a page for the same wheel, as xtask/peers/ has it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build;
use crate::process::run;
use crate::repo::Repo;

pub struct Peer {
    pub entry: &'static str,
    /// The packages that it is made of.
    pub packages: &'static [&'static str],
}

pub const PEERS: [Peer; 5] = [
    Peer { entry: "hand.js", packages: &[] },
    Peer { entry: "spin-wheel.js", packages: &["spin-wheel"] },
    Peer { entry: "lucky-canvas.js", packages: &["lucky-canvas"] },
    Peer { entry: "vue-lucky.js", packages: &["vue", "lucky-canvas"] },
    Peer { entry: "react-lucky.js", packages: &["react", "@lucky-canvas/react"] },
];

/// What vue asks of a bundler that wants no more of it than is used.
const VUE: [&str; 3] =
    ["__VUE_OPTIONS_API__", "__VUE_PROD_DEVTOOLS__", "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__"];

/// The folder of the built peers.
pub fn folder(repo: &Repo) -> PathBuf {
    repo.scratch("peers")
}

impl Peer {
    /// Built by the bundler of our own shell, with its settings.
    pub fn build(&self, repo: &Repo) -> Result<PathBuf> {
        let built = folder(repo).join(self.entry);
        let mut esbuild = repo.npm_tool("esbuild");
        esbuild.arg(repo.path("xtask/peers").join(self.entry));
        esbuild.args(["--bundle", "--minify", "--format=esm", "--charset=utf8"]);
        esbuild.args(["--legal-comments=none", "--log-level=error"]);
        esbuild.arg("--define:process.env.NODE_ENV=\"production\"");
        esbuild.args(VUE.map(|name| format!("--define:{name}=false")));
        esbuild.args(build::engines());
        run(esbuild.arg(format!("--outfile={}", built.display())))?;
        Ok(built)
    }

    /// The packages' versions, as package-lock.json pins them.
    pub fn versions(&self, repo: &Repo) -> Result<Vec<String>> {
        let lock = std::fs::read_to_string(repo.path("package-lock.json"))?;
        let lock: serde_json::Value = serde_json::from_str(&lock)?;
        let version = |package: &&str| {
            let entry = &lock["packages"][format!("node_modules/{package}")]["version"];
            entry.as_str().map(|version| format!("{package} {version}"))
        };
        self.packages.iter().map(version).collect::<Option<_>>().context("a peer is not locked")
    }
}
