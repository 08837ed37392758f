//! Places between the steps of a play at which a test ends the process, or has it do wrong.
//!
//! **Nothing of it is in `funfair`**: without the feature `failpoints` a call is empty, and the two
//! variables are unknown settings. `funfair-faulty` is the same program with the feature.
//!
//! `FUNFAIR_FAILPOINT=written:3` aborts at the third time that a batch is written.
//! `FUNFAIR_MUTANT=answer-first` answers before the commit, which comes with the next write: what
//! the crash tests have to find out, or they could not fail.

#[cfg(feature = "failpoints")]
pub(crate) use on::{answers_first, reach, unset};

/// Passes a step of a play.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn reach(_step: &str) {}

#[cfg(feature = "failpoints")]
mod on {
    use std::{
        env, process,
        sync::{
            LazyLock,
            atomic::{AtomicU64, Ordering},
        },
    };

    /// The steps of a play, in their order.
    macro_rules! steps {
        () => {
            "taken begun read decided written committed answered"
        };
    }

    /// Where to abort, and how many passings from now.
    static CHOSEN: LazyLock<Option<(String, AtomicU64)>> =
        LazyLock::new(|| parse(&env::var("FUNFAIR_FAILPOINT").ok()?).ok());

    static ANSWERS_FIRST: LazyLock<bool> =
        LazyLock::new(|| env::var_os("FUNFAIR_MUTANT").is_some());

    /// Passes a step of a play, or ends the process there as `kill -9` would.
    pub(crate) fn reach(step: &str) {
        debug_assert!(steps!().split(' ').any(|one| one == step), "no step is called {step}");
        let Some((chosen, left)) = &*CHOSEN else { return };
        if chosen == step && left.fetch_sub(1, Ordering::Relaxed) == 1 {
            process::abort();
        }
    }

    /// Whether answers go out before their commit.
    pub(crate) fn answers_first() -> bool {
        *ANSWERS_FIRST
    }

    /// Whether a variable of the environment is no setting but one of these two; why its value will
    /// not do.
    pub(crate) fn unset(name: &str, text: &str) -> Option<Result<(), &'static str>> {
        match name {
            "FUNFAIR_FAILPOINT" => Some(parse(text).map(drop)),
            "FUNFAIR_MUTANT" if text == "answer-first" => Some(Ok(())),
            "FUNFAIR_MUTANT" => Some(Err("write \"answer-first\"")),
            _ => None,
        }
    }

    fn parse(text: &str) -> Result<(String, AtomicU64), &'static str> {
        let (step, passing) = text.split_once(':').unwrap_or((text, "1"));
        let known = steps!().split(' ').any(|one| one == step);
        let passing = passing.parse().ok().filter(|passing| *passing > 0);
        match passing {
            Some(passing) if known => Ok((step.into(), AtomicU64::new(passing))),
            _ => {
                Err(concat!("write a step, or STEP:N for its N-th passing; the steps: ", steps!()))
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_step_is_named_alone_or_with_its_passing() {
            assert!(parse("written").is_ok() && parse("taken:12").is_ok());
            for wrong in ["", "wrote", "written:0", "written:x"] {
                assert!(parse(wrong).unwrap_err().ends_with("committed answered"), "{wrong}");
            }
        }
    }
}
