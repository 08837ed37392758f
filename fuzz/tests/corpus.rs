//! All that was ever worth keeping is thrown again.

use funfair_fuzz::{Fate, TARGETS};
use std::{fs, path::Path};

#[test]
fn no_kept_bytes_find_a_fault() {
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut files: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 10, "{} holds {} files", folder.display(), files.len());
        let mut fates = Vec::new();
        for file in files {
            // Told where the test fails.
            println!("{}", file.display());
            fates.push(target(&fs::read(&file).unwrap()));
        }
        // A corpus that is refused at the door would find nothing behind it.
        for fate in [Fate::Refused, Fate::Taken] {
            assert!(fates.contains(&fate), "{name}: nothing was {fate:?}");
        }
    }
}
