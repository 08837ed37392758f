use crate::Config;
use axum::http::{HeaderMap, Method};

/// Says so where traces are asked for; errs where a setting does, for the environment's variables may
/// be meant for others.
pub fn start(config: &Config) -> Result<(), String> {
    let Some(name) = super::wanted(config) else { return Ok(()) };
    let reason = format!(
        "{name} asks for traces, and this program was built without them: build it with \
         `--features otel`, or leave {name} out"
    );
    if name == super::SETTING {
        return Err(reason);
    }
    tracing::warn!("{reason}");
    Ok(())
}

/// Nothing is left to send.
pub fn stop() {}

pub(crate) struct Request;

impl Request {
    pub(crate) fn begin(_: &HeaderMap, _: &Method, _: &str) -> Self {
        Self
    }

    pub(crate) fn run<F: Future>(&self, work: F) -> F {
        work
    }

    pub(crate) fn end(self, _: u16, _: &str) {}
}

pub(crate) struct Waiting;

impl Waiting {
    pub(crate) fn new() -> Self {
        Self
    }
}

pub(crate) struct Batch;

impl Batch {
    pub(crate) fn begin() -> Self {
        Self
    }

    pub(crate) fn end(&self, _: impl Iterator<Item = Waiting>, _: usize) {}
}
