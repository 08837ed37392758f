//! Loads pages in Chromium and prints how soon a wheel is there (`startup`), how smoothly it turns and
//! what it holds (`frames`): ours beside peers', the same activities, the same requests, compressed
//! alike. `cargo xtask bench startup|frames` builds the peers and runs it.
//!
//! **In turns**: each round opens every page once, so that a busy minute is everybody's.

mod aims;
mod frames;
mod page;
mod site;
mod startup;

use site::Site;
use std::{env, path::Path};

#[tokio::main]
async fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [what, peers, rounds] = words.as_slice() else {
        panic!("startup or frames, the folder of the built peers, the number of rounds");
    };
    let rounds = rounds.parse().expect("a number of rounds");
    let site = Site::open(Path::new(peers)).await;
    match what.as_str() {
        "startup" => startup::run(&site, rounds).await,
        "frames" => frames::run(&site, rounds).await,
        other => panic!("{other} is neither startup nor frames"),
    }
}
