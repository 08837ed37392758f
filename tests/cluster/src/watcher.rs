//! The process that cleans up after its owner, however the owner ends.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Reads ids of processes, one a line, the newest counts; at the end of its input it stops that one
/// at once and removes the folder. `0` is nobody. The pipe closes by itself when the owner dies,
/// also of a signal that lets it do nothing more.
const WATCH: &str = r#"
trap '' HUP INT TERM
id=0
while read -r line; do id=$line; done
if [ "$id" -gt 0 ] && kill -QUIT "$id"; then
    # Where nobody reaps orphans the process stays in the list for ever, but its file goes.
    while [ -e "$1/data/postmaster.pid" ] && kill -0 "$id"; do sleep 0.02; done
fi
rm -rf "$1"
"#;

#[derive(Debug)]
pub struct Watcher {
    process: Child,
}

impl Watcher {
    pub fn over(folder: &Path) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "watcher"]).arg(folder);
        // In a group of its own, so that Ctrl-C at a terminal ends the owner and not the clean-up.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { process: command.spawn().expect("sh, to clean up after the tests") }
    }

    /// Names the process to stop.
    pub fn watch(&mut self, id: u32) {
        let pipe = self.process.stdin.as_mut().expect("a pipe that is open");
        writeln!(pipe, "{id}").expect("the watcher listens");
    }

    /// There is nothing to stop.
    pub fn forget(&mut self) {
        self.watch(0);
    }

    /// Has it clean up now. The owner then waits for the server's end, and so lets it end.
    pub fn release(&mut self) {
        drop(self.process.stdin.take());
    }

    pub fn wait(&mut self) {
        // It has no answer that would matter: what it leaves lies in the folder for temporary files.
        let _ = self.process.wait();
    }
}
