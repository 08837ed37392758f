use std::{
    ffi::OsString,
    fs::{self, DirEntry},
    path::Path,
};
use tempfile::TempDir;

/// The files of a folder, in memory: what takes long to make is made once and copied.
#[derive(Clone, Debug)]
pub struct Files(Vec<(OsString, Vec<u8>)>);

impl Files {
    /// The files of a folder in which nobody writes any more.
    pub fn of(folder: &Path) -> Self {
        let file = |entry: Result<DirEntry, _>| {
            let entry = entry.expect("a file");
            (entry.file_name(), fs::read(entry.path()).expect("a file"))
        };
        Self(fs::read_dir(folder).expect("a folder").map(file).collect())
    }

    /// A folder with a copy of each.
    pub fn copy(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in &self.0 {
            fs::write(folder.path().join(name), bytes).expect("a file");
        }
        folder
    }
}
