//! Where PostgreSQL's programs are on this machine.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

/// Debian keeps each version's programs in a folder of its own, off the path.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What a cluster cannot do without; `psql` comes with all of them.
const NEEDED: [&str; 3] = ["initdb", "postgres", "psql"];

/// The folder of PostgreSQL's programs.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
}

/// PostgreSQL is not on this machine.
#[derive(Debug)]
pub struct Missing;

impl Programs {
    /// Those on the path, else Debian's newest.
    pub fn find() -> Result<Self, Missing> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain(debian());
        folders.map(|folder| Self { folder }).find(Self::complete).ok_or(Missing)
    }

    /// The path of a program, as `pgbench`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn complete(&self) -> bool {
        NEEDED.iter().all(|name| self.path(name).is_file())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "PostgreSQL is not on this machine: `cargo xtask test` installs it as root; otherwise \
             `apt-get install postgresql`, or a folder with initdb, postgres and psql on the PATH",
        )
    }
}

impl std::error::Error for Missing {}

/// The newest first.
fn debian() -> Vec<PathBuf> {
    let version = |folder: &Path| {
        folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0)
    };
    let mut found: Vec<PathBuf> =
        fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    found.into_iter().map(|folder| folder.join("bin")).collect()
}
