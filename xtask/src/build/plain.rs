//! Files of the distribution that hold no core: a page that has no use for one carries none of it.

use std::path::Path;

use anyhow::Result;

use crate::process::run;
use crate::repo::Repo;

/// Each by its file in the shell's folder, with what brotli may make of it: the bridge to
/// mini-programs; what puts a widget into a frame, and the script of the page in it.
pub const PLAIN: [(&str, u64); 3] = [("bridge", 1_900), ("frame", 1_000), ("frame.page", 1_300)];

/// Writes them into the folder.
pub fn write(repo: &Repo, folder: &Path) -> Result<()> {
    for (name, _) in PLAIN {
        let mut esbuild = super::shell(repo, name);
        esbuild.arg(format!("--outfile={}", folder.join(format!("{name}.js")).display()));
        run(&mut esbuild)?;
    }
    Ok(())
}
