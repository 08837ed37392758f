//! Files of the distribution that hold no core: a page that has no use for one carries none of it.

use std::path::Path;

use anyhow::Result;

use crate::process::run;
use crate::repo::Repo;

/// Each by its file in the shell's folder, with what brotli may make of it: the bridge to
/// mini-programs.
pub const PLAIN: [(&str, u64); 1] = [("bridge", 1_900)];

/// Writes them into the folder.
pub fn write(repo: &Repo, folder: &Path) -> Result<()> {
    for (name, _) in PLAIN {
        let mut esbuild = super::shell(repo, name);
        esbuild.arg(format!("--outfile={}", folder.join(format!("{name}.js")).display()));
        run(&mut esbuild)?;
    }
    Ok(())
}
