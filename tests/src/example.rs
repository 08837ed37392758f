use crate::program::run;
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// A folder of `examples/`.
pub fn example(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

/// A copy of an example that is built, by its own `npm run build`: as `npm install` would leave it,
/// with the package of `dist/npm`.
pub fn built(name: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&example(name), folder.path());
    let (from, to) = (root().join("node_modules"), folder.path().join("node_modules"));
    fs::create_dir(&to).expect("a folder");
    for package in fs::read_dir(from).expect("node_modules: `npm ci` comes first") {
        let package = package.expect("a package");
        symlink(package.path(), to.join(package.file_name())).expect("a link");
    }
    symlink(root().join("dist/npm"), to.join("funfair")).expect("a link");
    run(Command::new("npm").args(["run", "build"]).current_dir(folder.path()))
        .unwrap_or_else(|said| panic!("{name} cannot be built: {said}"));
    folder
}

/// Copies a folder with all that is in it, but links that lead nowhere.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let (path, to) =
            entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("a file");
        if path.is_dir() {
            copy(&path, &to);
        } else if path.exists() {
            fs::copy(&path, to).expect("a copy");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}
