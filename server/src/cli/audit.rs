use super::print;
use clap::Args;
use funfair_server::Admin;

#[derive(Args)]
pub struct Audit {
    /// The store whose programme is looked at; all when absent.
    store: Option<String>,
}

impl Audit {
    /// One line a check, then the whole as JSON; an error where anything is wrong.
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let report = admin.audit(self.store.as_deref())?;
        for check in &report.checks {
            let word = if check.wrong == 0 { "ok" } else { "WRONG" };
            print(&format!(
                "{word} {} looked={} wrong={}\n",
                check.name, check.looked, check.wrong
            ))?;
            check.findings.iter().try_for_each(|finding| print(&format!("  {finding}\n")))?;
        }
        print(&format!("{}\n", serde_json::to_string(&report)?))?;
        if !report.ok {
            anyhow::bail!(
                "the books are not right: keep a copy of the database, and look at these"
            );
        }
        Ok(())
    }
}
