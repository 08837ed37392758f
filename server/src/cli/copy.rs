use super::print;
use clap::Args;
use funfair_server::{Config, database::Location, sqlite};
use std::path::PathBuf;

#[derive(Args)]
pub struct Backup {
    /// The copy; a file that exists is not overwritten.
    file: PathBuf,
}

#[derive(Args)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// Keeps the database that is there aside, and puts the backup in its place.
    #[arg(long)]
    replace: bool,
}

impl Backup {
    pub fn run(self, config: &Config) -> anyhow::Result<()> {
        let Location::Sqlite(database) = &config.database else {
            anyhow::bail!(
                "funfair copies SQLite files alone. PostgreSQL brings its own tools, which run \
                 beside the servers:\n  pg_dump --format=custom --file={} \"$URL\"       # one moment\n  \
                 pg_basebackup, with WAL archiving                # any moment\nthen restore it into \
                 an empty database, and run `funfair --database URL audit` on that",
                self.file.display()
            );
        };
        let report = sqlite::backup(database, &self.file)?;
        let copy = self.file.display();
        let Some(report) = report else {
            return print(&format!(
                "{copy}: whole; of an older release, so not audited before `funfair migrate`\n"
            ));
        };
        let looked: u64 = report.checks.iter().map(|check| check.looked).sum();
        print(&format!("{copy}: whole, and audited: {looked} looked at\n"))
    }
}

impl Restore {
    pub fn run(self, config: &Config) -> anyhow::Result<()> {
        let Location::Sqlite(database) = &config.database else {
            anyhow::bail!(
                "funfair restores SQLite files alone. Restore a dump of PostgreSQL into an empty \
                 database, with no server on it:\n  pg_restore --single-transaction --dbname=\"$URL\" \
                 {}\nthen run `funfair --database URL audit`",
                self.file.display()
            );
        };
        let aside = sqlite::restore(&self.file, database, self.replace)?;
        if let Some(aside) = aside {
            print(&format!("the database that was there is {}\n", aside.display()))?;
        }
        print(&format!("{} restored; `funfair audit` looks at it\n", database.display()))
    }
}
