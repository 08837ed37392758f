use super::print;
use anyhow::Context;
use clap::Args;
use funfair_server::Admin;
use std::{fs, path::PathBuf};

#[derive(Args)]
pub struct Codes {
    /// The store.
    store: String,
    /// The list, as activity files name it.
    list: String,
    /// The codes, one a line.
    file: PathBuf,
}

impl Codes {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let Self { store, list, file } = self;
        let path = file.display();
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{path} cannot be read; save it as UTF-8, one code a line"))?;
        match admin.add_codes(&store, &list, &text) {
            Ok(filled) => print(&format!(
                "{store}/{list}: {} codes added, {} were there already\n",
                filled.added, filled.repeated
            )),
            Err(faults) => {
                let faults = faults.iter().map(|fault| format!("{path}: {fault}"));
                anyhow::bail!("{}", faults.collect::<Vec<_>>().join("\n"))
            }
        }
    }
}
