use crate::bench::{Bench, closest};
use funfair_guess_price::{Outcome, Stage, Told};

#[test]
fn before_the_close_nothing_is_told_of_a_guess() {
    let mut bench = Bench::new(closest(1));
    let (outcome, _) = bench.guess("a", 46_900).unwrap();
    assert!(matches!(outcome, Outcome::Guessed { told: Told::Sealed, won: false, .. }));
    assert_eq!(bench.view("a", None).stage, Stage::Open);
}

#[test]
fn the_closest_win_once_and_of_equal_ones_the_earlier() {
    let mut bench = Bench::new(closest(2));
    bench.guess("late", 30_000).unwrap();
    bench.guess("first", 47_000).unwrap();
    bench.guess("second", 46_800).unwrap();
    bench.guess("late", 46_800).unwrap();
    bench.close();
    let stage = |bench: &Bench, name: &str| bench.view(name, None).stage;
    assert_eq!(stage(&bench, "first"), Stage::Won, "even before it is paid");
    assert_eq!(bench.settle(), 2);
    assert_eq!(bench.settle(), 0);
    let prizes: Vec<_> = ["first", "second", "late"].map(|name| bench.prizes(name)).into();
    assert_eq!(prizes, [1, 1, 0]);
    assert_eq!((stage(&bench, "second"), stage(&bench, "late")), (Stage::Won, Stage::Open));
}

#[test]
fn a_members_best_guess_counts() {
    let mut bench = Bench::new(closest(1));
    bench.guess("a", 47_100).unwrap();
    bench.guess("b", 46_900).unwrap();
    bench.guess("b", 80_000).unwrap();
    assert_eq!(bench.shared().best.len(), 2);
    assert_eq!(bench.shared().best[0].member, "b");
}

#[test]
fn a_friends_guess_counts_for_the_links_owner() {
    let mut bench = Bench::new(closest(1));
    let link = bench.invite("a").unwrap();
    bench.help("b", &link, 46_900).unwrap();
    bench.guess("c", 47_000).unwrap();
    bench.close();
    assert_eq!(bench.settle(), 2, "the answer and the prize");
    assert_eq!((bench.prizes("a"), bench.prizes("b"), bench.prizes("c")), (1, 0, 0));
}

#[test]
fn the_list_of_the_closest_is_bounded_and_exact() {
    let mut bench = Bench::new(closest(20));
    for number in 0..60u64 {
        // Each closer than the one before.
        let name = format!("{number:064}");
        bench.guess(&name, 89_900 - number * 100).unwrap();
    }
    let shared = bench.shared();
    assert_eq!(shared.best.len(), 20);
    assert!(shared.best.iter().all(|best| best.off <= 39_000));
    assert!(serde_json::to_string(&shared).unwrap().len() <= 4096);
    bench.close();
    assert_eq!(bench.settle(), 20);
}
