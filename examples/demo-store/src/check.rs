//! Plays every kind over HTTP as several shoppers, against any demo store that runs.

mod friends;
mod proofs;
mod shopper;
mod visit;

use anyhow::{Context, Result};
use serde::Serialize;
use std::{path::PathBuf, process};

use proofs::Proofs;
use shopper::Shop;

/// How many shoppers come by.
const SHOPPERS: usize = 8;

/// What the check is told.
#[derive(clap::Args, Debug)]
pub struct Check {
    /// Where the demo store runs.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// Where the receipts are written; a file of its own in the temporary folder when absent.
    #[arg(long)]
    receipts: Option<PathBuf>,
    /// The folder with verify.py and verify.mjs.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    examples: PathBuf,
}

/// What the check found; its last line, as JSON.
#[derive(Debug, Serialize)]
pub struct Summary {
    ok: bool,
    url: String,
    shoppers: usize,
    plays: usize,
    refusals: usize,
    problems: usize,
    #[serde(flatten)]
    proofs: Proofs,
}

impl Check {
    /// Plays, recomputes every draw, tampers with every receipt; an error names the first thing
    /// that was not as it has to be.
    pub async fn run(self) -> Result<Summary> {
        let shop = Shop::new(self.url.trim_end_matches('/'))?;
        let mut seen = visit::Seen::default();
        for number in 1..=SHOPPERS {
            let mut shopper = shop.sign_in(number).await?;
            let name = shopper.name.clone();
            let before = seen.receipts.len();
            visit::calendar(&mut shopper, &mut seen).await.with_context(|| name.clone())?;
            visit::wheel(&mut shopper, &mut seen).await.with_context(|| name.clone())?;
            let friend = shop.sign_in(number + SHOPPERS).await?;
            friends::cards(&shopper, &friend, &mut seen).await.with_context(|| name.clone())?;
            friends::guess(&shopper, &friend, &mut seen).await.with_context(|| name.clone())?;
            friends::poll(&shopper, &mut seen).await.with_context(|| name.clone())?;
            friends::hub(&shopper).await.with_context(|| name.clone())?;
            visit::books(&shopper, &mut seen).await.with_context(|| name.clone())?;
            if number == 1 {
                visit::bad_input(&shopper, &mut seen).await.with_context(|| name.clone())?;
            }
            println!("{name}: {} plays, as expected", seen.receipts.len() - before);
        }
        let own = || std::env::temp_dir().join(format!("funfair-receipts-{}.json", process::id()));
        let path = self.receipts.unwrap_or_else(own);
        let proofs = proofs::verify(&seen.receipts, &path, &self.examples)?;
        Ok(Summary {
            ok: true,
            url: self.url,
            shoppers: SHOPPERS,
            plays: seen.receipts.len(),
            refusals: seen.refusals,
            problems: seen.problems,
            proofs,
        })
    }
}
