use crate::{Key, store::existing};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The command `funfair` on one database.
#[derive(Clone, Debug)]
pub struct Program {
    database: OsString,
}

impl Program {
    /// On the database at this path or URL.
    pub fn on(database: &OsStr) -> Self {
        Self { database: database.into() }
    }

    /// The command with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary("funfair"));
        command.args(arguments).env("FUNFAIR_DATABASE", &self.database);
        // What tells the tests something is no setting of the program's.
        command.env_remove("FUNFAIR_TEST_DATABASE").env_remove(funfair_cluster::SHARED);
        command
    }

    /// Applies a folder of activity files to a store.
    pub fn apply(&self, store: &str, folder: &Path, flags: &[&str]) -> Result<String, String> {
        run(self.command(&["apply"]).arg(folder).args(["--store", store]).args(flags))
    }

    /// Adds a key to a store.
    pub fn add_key(&self, store: &str, key: &Key) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, key.registered()).expect("a file");
        let add = ["store", "key", store, "add", "--kid", &key.kid, "--alg", key.alg()];
        run(self.command(&add).arg("--public-key").arg(&path))
    }

    /// Retires a key of a store.
    pub fn retire_key(&self, store: &str, key: &Key) -> Result<String, String> {
        run(&mut self.command(&["store", "key", store, "retire", &key.kid]))
    }
}

/// Runs a command to its end; what it printed, or why it failed.
pub fn run(command: &mut Command) -> Result<String, String> {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [done.stdout, done.stderr].map(|out| String::from_utf8_lossy(&out).into_owned());
    let text = text.concat();
    if done.status.success() { Ok(text) } else { Err(text) }
}

/// A binary of the workspace: beside the test's own, or where the environment says.
pub fn binary(name: &str) -> PathBuf {
    let variable = format!("E2E_{}", name.to_uppercase().replace('-', "_"));
    if let Ok(path) = env::var(variable) {
        return path.into();
    }
    let test = env::current_exe().expect("the test's own path");
    // target/<profile>/deps/<test>, or target/<profile>/<program>.
    let folders = test.ancestors().skip(1);
    let profile = folders.into_iter().find(|folder| !folder.ends_with("deps"));
    let profile = profile.expect("a folder of programs");
    existing(profile.join(name), "cargo build -p funfair-server -p funfair-demo-store comes first")
}
