//! docs/ACTIVITIES.md is read with an example: what is written there is accepted.

use funfair_catalogue::ENTRIES;
use funfair_engine::{Clock, Setup};

const PAGE: &str = include_str!("../../../../docs/ACTIVITIES.md");

#[test]
fn every_block_of_the_page_is_accepted_with_an_example() {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    let wheel = ENTRIES.iter().find(|entry| entry.slug == "spin-wheel").unwrap();
    let blocks: Vec<_> = PAGE.split("```toml\n").skip(1).collect();
    assert!(blocks.len() >= 7, "{} blocks", blocks.len());
    for block in blocks {
        let (block, _) = block.split_once("```").unwrap();
        let mut file: toml::Table = wheel.example.parse().unwrap();
        file.extend(block.parse::<toml::Table>().unwrap());
        if file.contains_key("budget") {
            // The example's wheel promises wins, which its points would pay.
            file["rules"].as_table_mut().unwrap().remove("luck");
        }
        let setup = Setup::parse(&file.to_string(), &clock);
        let setup = setup.unwrap_or_else(|faults| panic!("{faults:?}\n{block}"));
        super::history::running(setup);
    }
}

#[test]
fn every_activity_of_the_demo_store_is_accepted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/demo-store/activities");
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    let mut kinds = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        // What points are stands beside them.
        if path.extension().is_none_or(|extension| extension != "toml")
            || path.ends_with("store.toml")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let setup = Setup::parse(&text, &clock);
        let setup = setup.unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display()));
        kinds.push(setup.kind.clone());
        super::history::running(setup);
    }
    assert!(kinds.len() >= 5, "the demo store has {kinds:?}");
    // A kind that was begun today may not be there yet.
    assert!(kinds.iter().all(|kind| ENTRIES.iter().any(|entry| entry.slug == kind)));
}
