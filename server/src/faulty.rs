//! The binary `funfair-faulty`: `funfair` that can be told to fail between two steps of a play.

#[path = "main.rs"]
mod funfair;

fn main() -> std::process::ExitCode {
    funfair::main()
}
