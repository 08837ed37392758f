use funfair_engine::{Clock, Dice, SecretKey};
use funfair_host_api::Weight;

/// Draws over tables and seeds, one a line: the same on every target, for ever. A change here
/// would make published proofs fail.
pub fn lines() -> String {
    let mut out = Vec::new();
    for (name, weights) in TABLES {
        for n in 0..4u8 {
            let key = SecretKey::new([n + 1; 32]);
            let n = u64::from(n);
            let seed = key.seed("acme", "member-1", n);
            let mut dice = Dice::new(seed, "double11", "revision", n, "client_seed-1");
            let picks: Vec<_> = (0..6).filter_map(|_| dice.pick(table(weights))).collect();
            let counters: Vec<_> =
                dice.draws().iter().map(|draw| draw.counter.to_string()).collect();
            out.push(format!(
                "{name} {n} {} {} {} {}\n",
                seed.commitment(),
                seed.reveal(),
                picks.join(","),
                counters.join(","),
            ));
        }
    }
    for zone in ["Asia/Shanghai", "America/Havana", "Pacific/Apia"] {
        let clock = Clock::new(zone, 0).map_err(|fault| fault.to_string());
        let days = (0..5u64).filter_map(|n| {
            let clock = clock.as_ref().ok()?;
            Some(clock.day(1_300_000_000_000 + n * 77_777_777_777).text())
        });
        out.push(format!("{zone} {}\n", days.collect::<Vec<_>>().join(" ")));
    }
    out.concat()
}

/// The last one adds up to a third of 2^64 and 1: every third value is passed over.
const TABLES: [(&str, &[u64]); 4] = [
    ("even", &[1, 1, 1, 1]),
    ("skewed", &[1, 9, 90, 900]),
    ("holes", &[0, 5, 0, 5]),
    ("rejects", &[3_074_457_345_618_258_602, 3_074_457_345_618_258_603, 1]),
];

fn table(weights: &[u64]) -> Vec<Weight> {
    let line =
        |(index, weight): (usize, &u64)| Weight { prize: format!("p{index}"), weight: *weight };
    weights.iter().enumerate().map(line).collect()
}
