//! What a disk holds when the power goes: the journal of adverse.c, read up to a moment.
//!
//! **What a sync covered stays; all else may be gone**: a write, a length, the name of a new file.
//! A name counts as kept once its folder was synced ([`Names::Strict`]), or already once its file
//! was, as journalling file systems have it ([`Names::WithTheirFile`]).

use crate::random;
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// When the name of a new file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Strict,
    WithTheirFile,
}

/// What becomes of writes that no sync covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// None of them reached the disk.
    Gone,
    /// Any of them did, whole or in sectors, in any order.
    Some,
}

/// A journal, and what the disk held before it began.
pub struct Replay {
    root: PathBuf,
    journal: Vec<u8>,
    names: Names,
    /// Where the next record begins.
    at: usize,
    files: BTreeMap<u64, File>,
    /// Names as a program sees them, and as the disk has them.
    live: BTreeMap<PathBuf, u64>,
    kept: BTreeMap<PathBuf, u64>,
    /// Changes of names that no sync covered.
    moves: Vec<Move>,
}

#[derive(Clone, Default)]
struct File {
    kept: Vec<u8>,
    /// Changes that no sync covered.
    open: Vec<Change>,
}

/// One change of a file: where in the journal it stands, and what it does.
#[derive(Clone, Copy)]
struct Change {
    noted: usize,
    at: usize,
    /// Data in the journal; none sets the length.
    data: Option<(usize, usize)>,
}

#[derive(Clone)]
struct Move {
    noted: usize,
    path: PathBuf,
    /// None takes the name away.
    inode: Option<u64>,
}

struct Record {
    kind: u32,
    inode: u64,
    at: u64,
    one: PathBuf,
    two: PathBuf,
    data: (usize, usize),
}

const HEAD: usize = 32;

impl Replay {
    /// What lies in `root` before a process begins to write.
    pub fn before(root: &Path, names: Names) -> Self {
        let mut this = Self {
            root: root.into(),
            journal: Vec::new(),
            names,
            at: 0,
            files: BTreeMap::new(),
            live: BTreeMap::new(),
            kept: BTreeMap::new(),
            moves: Vec::new(),
        };
        this.look(root);
        this.kept = this.live.clone();
        this
    }

    fn look(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("a file").path();
            let about = fs::symlink_metadata(&path).expect("a file");
            if about.is_dir() {
                self.look(&path);
            } else if about.is_file() {
                let kept = fs::read(&path).expect("a file");
                self.files.insert(about.ino(), File { kept, open: Vec::new() });
                self.live.insert(path, about.ino());
            }
        }
    }

    /// Takes the journal, once nobody writes in it any more.
    pub fn read(&mut self, journal: &Path) {
        self.journal = fs::read(journal).expect("a journal");
    }

    /// How long the journal is.
    pub fn length(&self) -> usize {
        self.journal.len()
    }

    /// Goes on to a moment, which is not before the last.
    pub fn until(&mut self, moment: usize) {
        while let Some((record, next)) = self.record().filter(|(_, next)| *next <= moment) {
            self.apply(&record);
            self.at = next;
        }
    }

    fn record(&self) -> Option<(Record, usize)> {
        let head = self.journal.get(self.at..self.at + HEAD)?;
        let word = |at: usize| u32::from_ne_bytes(head[at..at + 4].try_into().expect("four bytes"));
        let long = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().expect("8 bytes"));
        let (names, bytes) = (word(4) as usize, size(long(24)));
        let data = self.at + HEAD + names;
        let mut paths = self.journal.get(self.at + HEAD..data)?.split(|byte| *byte == 0);
        let mut path = || {
            let text = paths.next().unwrap_or_default();
            PathBuf::from(String::from_utf8_lossy(text).into_owned())
        };
        let (one, two) = (path(), path());
        let data = (data, data + bytes);
        self.journal.get(data.0..data.1)?;
        Some((Record { kind: word(0), inode: long(8), at: long(16), one, two, data }, data.1))
    }

    fn apply(&mut self, record: &Record) {
        let Record { kind, inode, at, .. } = *record;
        let noted = self.at;
        let change = |data| Change { noted, at: size(at), data };
        match kind {
            1 => self.files.entry(inode).or_default().open.push(change(Some(record.data))),
            2 => self.files.entry(inode).or_default().open.push(change(None)),
            3 => self.synced(inode, size(at)),
            4 => {
                // The number may have been another file's.
                self.files.insert(inode, File::default());
                self.moved(&record.one, Some(inode));
            }
            5 => {
                if let Some(inode) = self.live.get(&record.one).copied() {
                    self.moved(&record.one, None);
                    self.moved(&record.two, Some(inode));
                }
            }
            6 => self.moved(&record.one, None),
            7 => {
                let covers = size(at);
                let of = |path: &Path| path.parent() == Some(&record.one);
                self.keep(|one| one.noted < covers && of(&one.path));
            }
            8 => {
                if let Some(inode) = self.live.get(&record.one).copied() {
                    self.moved(&record.two, Some(inode));
                }
            }
            // Folders are made as files ask for them.
            9 => {}
            other => panic!("the journal has a record {other}"),
        }
    }

    fn synced(&mut self, inode: u64, covers: usize) {
        let Some(file) = self.files.get_mut(&inode) else { return };
        let (done, open) = file.open.iter().partition(|one: &&Change| one.noted < covers);
        file.open = open;
        let done: Vec<Change> = done;
        for one in done {
            one.apply(&mut file.kept, &self.journal, |_| true);
        }
        if self.names == Names::WithTheirFile {
            self.keep(|one| one.noted < covers && one.inode == Some(inode));
        }
    }

    fn moved(&mut self, path: &Path, inode: Option<u64>) {
        match inode {
            Some(inode) => self.live.insert(path.into(), inode),
            None => self.live.remove(path),
        };
        self.moves.push(Move { noted: self.at, path: path.into(), inode });
    }

    fn keep(&mut self, which: impl Fn(&Move) -> bool) {
        let (done, open) = std::mem::take(&mut self.moves).into_iter().partition(which);
        self.moves = open;
        let done: Vec<Move> = done;
        for one in done {
            one.apply(&mut self.kept);
        }
    }

    /// What the disk holds at this moment, in a folder of its own.
    pub fn disk(&self, unsynced: Unsynced) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        self.write(folder.path(), unsynced);
        folder
    }

    /// The same in a folder whose files go, whose folders stay, and whose owner owns all.
    pub fn overwrite(&self, folder: &Path, unsynced: Unsynced) {
        clear(folder);
        self.write(folder, unsynced);
        own(folder, &fs::metadata(folder).expect("a folder"));
    }

    fn write(&self, folder: &Path, unsynced: Unsynced) {
        let mut names = self.kept.clone();
        if unsynced == Unsynced::Some {
            // A journalling file system keeps names in their order.
            let some = random(self.moves.len() as u64 + 1);
            for one in self.moves.iter().take(size(some)) {
                one.apply(&mut names);
            }
        }
        for (path, inode) in names {
            let below = path.strip_prefix(&self.root).expect("a watched file");
            // SQLite makes its map of the log anew, and the journal cannot see into it.
            if below.to_string_lossy().ends_with("-shm") {
                continue;
            }
            let file = self.files.get(&inode).cloned().unwrap_or_default();
            let mut bytes = file.kept;
            if unsynced == Unsynced::Some {
                for one in &file.open {
                    let fate = random(3);
                    one.apply(&mut bytes, &self.journal, |_| {
                        fate == 0 || (fate == 1 && random(2) == 0)
                    });
                }
            }
            let path = folder.join(below);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
    }
}

/// Every path in a folder, with whether it is a folder itself.
fn entries(folder: &Path) -> impl Iterator<Item = (PathBuf, bool)> {
    fs::read_dir(folder).expect("a folder").map(|entry| {
        let entry = entry.expect("a file");
        (entry.path(), entry.file_type().expect("a file").is_dir())
    })
}

fn clear(folder: &Path) {
    for (path, is_folder) in entries(folder) {
        if is_folder { clear(&path) } else { fs::remove_file(&path).expect("a file") }
    }
}

fn own(folder: &Path, owner: &fs::Metadata) {
    for (path, is_folder) in entries(folder) {
        chown(&path, Some(owner.uid()), Some(owner.gid())).expect("an owner");
        if is_folder {
            own(&path, owner);
        }
    }
}

/// What a disk writes at once.
const SECTOR: usize = 512;

impl Change {
    /// Does it to a file's bytes, sector by sector as `reaches` says.
    fn apply(self, file: &mut Vec<u8>, journal: &[u8], mut reaches: impl FnMut(usize) -> bool) {
        let Some((from, to)) = self.data else {
            if reaches(0) {
                file.resize(self.at, 0);
            }
            return;
        };
        let mut data = &journal[from..to];
        let mut at = self.at;
        while !data.is_empty() {
            let (now, rest) = data.split_at(data.len().min(SECTOR - at % SECTOR));
            if reaches(at) {
                let end = at + now.len();
                file.resize(file.len().max(end), 0);
                file[at..end].copy_from_slice(now);
            }
            at += now.len();
            data = rest;
        }
    }
}

impl Move {
    fn apply(&self, names: &mut BTreeMap<PathBuf, u64>) {
        match self.inode {
            Some(inode) => names.insert(self.path.clone(), inode),
            None => names.remove(&self.path),
        };
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).expect("a size")
}
