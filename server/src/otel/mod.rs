//! Traces for OpenTelemetry, in a program built with the feature `otel`: the span of a request, and
//! below it that of the batch which its play went into.
//!
//! **Nothing that names a person** is in an attribute: no shopper, member, token, play or path.
//! Without the feature, or without an endpoint, all of this is nothing.

#[cfg(not(feature = "otel"))]
#[expect(clippy::unused_self, reason = "what is there without traces ends nothing")]
mod absent;
#[cfg(feature = "otel")]
mod export;
#[cfg(feature = "otel")]
mod post;

#[cfg(not(feature = "otel"))]
pub(crate) use absent::{Batch, Request, Waiting};
#[cfg(not(feature = "otel"))]
pub use absent::{start, stop};
#[cfg(feature = "otel")]
pub(crate) use export::{Batch, Request, Waiting};
#[cfg(feature = "otel")]
pub use export::{start, stop};

use crate::Config;

const SETTING: &str = "otlp_endpoint";

/// What asks for traces: the setting, else one of OpenTelemetry's own variables.
fn wanted(config: &Config) -> Option<&'static str> {
    const OWN: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    if !config.otlp_endpoint.is_empty() {
        return Some(SETTING);
    }
    OWN.into_iter().find(|name| std::env::var(name).is_ok_and(|value| !value.is_empty()))
}
