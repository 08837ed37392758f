//! Being built.
mod check;
use clap::Parser;
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    check: check::Check,
}
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let summary = Args::parse().check.run().await?;
    println!("{}", serde_json::to_string(&summary)?);
    Ok(())
}
