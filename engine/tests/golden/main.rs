//! Draws are the same on every target and in every release.

mod vectors;

/// `cargo xtask test` compares the same file with the wasm build of the same lines.
#[test]
fn draws_equal_the_golden_vectors() {
    assert_eq!(vectors::lines(), include_str!("vectors.txt"));
}
