//! A disk and a clock that are not to be trusted: what adverse.c does, from the test's side.

use funfair_tests::run;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::OnceLock,
};
use tempfile::TempDir;

/// What a process can be given: its disk is written down, may be full, and its clock may step.
pub struct Adverse {
    folder: TempDir,
}

impl Adverse {
    pub fn new() -> Self {
        let this = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::copy(library(), this.library()).expect("a file");
        this.ahead_ms(0);
        // PostgreSQL does not run as root, and has to see and write what lies here.
        Self::opens_to_all(this.folder.path(), 0o777);
        fs::write(this.journal(), "").expect("a file");
        Self::opens_to_all(&this.journal(), 0o666);
        this
    }

    fn opens_to_all(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    }

    /// From its next start on a process is watched in this folder, or nowhere.
    pub fn watch(&self, root: Option<&Path>) {
        let path = self.folder.path().join("root");
        match root {
            Some(root) => fs::write(path, root.display().to_string()),
            None => fs::remove_file(path),
        }
        .expect("a file");
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("adverse.so")
    }

    /// Every change of the disk, in its order.
    pub fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// The disk has no space left, or has again.
    pub fn full(&self, full: bool) {
        let path = self.folder.path().join("full");
        if full { fs::write(path, "") } else { fs::remove_file(path) }.expect("a file");
    }

    /// The next sync fails, and keeps nothing.
    pub fn fails_next(&self) {
        fs::write(self.failing(), "").expect("a file");
    }

    /// Whether the sync that is to fail has not come yet.
    pub fn is_to_fail(&self) -> bool {
        self.failing().exists()
    }

    fn failing(&self) -> PathBuf {
        self.folder.path().join("fail")
    }

    /// By how much the clock of the day is ahead from now on.
    pub fn ahead_ms(&self, ms: i64) {
        use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
        let mut options = fs::OpenOptions::new();
        let options = options.write(true).create(true).truncate(false).mode(0o644);
        let mut file = options.open(self.folder.path().join("clock")).expect("a file");
        file.write_all(&ms.to_ne_bytes()).expect("a file");
    }

    /// The variables of a process whose files lie on such a disk, where [`Self::watch`] says.
    pub fn disk(&self, journal: bool) -> Vec<(&'static str, String)> {
        let text = |path: PathBuf| path.display().to_string();
        let mut variables = vec![
            ("LD_PRELOAD", text(self.library())),
            ("ADVERSE_ROOT", text(self.folder.path().join("root"))),
            ("ADVERSE_FULL", text(self.folder.path().join("full"))),
            ("ADVERSE_FAIL", text(self.failing())),
        ];
        if journal {
            variables.push(("ADVERSE_JOURNAL", text(self.journal())));
        }
        variables
    }

    /// The variables of a process that has such a clock.
    pub fn clock(&self) -> Vec<(&'static str, String)> {
        let clock = self.folder.path().join("clock").display().to_string();
        vec![("LD_PRELOAD", self.library().display().to_string()), ("ADVERSE_CLOCK", clock)]
    }
}

/// The library, compiled once by the C compiler that SQLite's own source needs too.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("adverse-{}.so", env!("CARGO_PKG_VERSION")));
        let own = folder.join(format!("adverse-{}.so", process::id()));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/adverse.c");
        let mut cc = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
        cc.args(["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o"]).arg(&own).arg(source);
        run(cc.arg("-ldl")).expect("a C compiler");
        // Another process of this test may be using the one that is there.
        fs::rename(own, &path).expect("a file");
        path
    })
}
