use super::{post::Post, wanted};
use crate::Config;
use axum::http::{HeaderMap, Method};
use opentelemetry::{
    Context, KeyValue,
    context::FutureExt,
    propagation::TextMapPropagator,
    trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider},
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{
    env,
    sync::OnceLock,
    time::{Duration, SystemTime},
};

struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// One process sends to one place, as it has one log.
static TRACES: OnceLock<Traces> = OnceLock::new();

/// How long a collector may take for one request; spans that come meanwhile wait, or are dropped.
const PATIENCE: Duration = Duration::from_secs(5);

/// Begins to send traces, where that is asked for. OpenTelemetry's own variables say how much
/// (`OTEL_TRACES_SAMPLER`), under which name and with which headers.
pub fn start(config: &Config) -> Result<(), String> {
    let Some(name) = wanted(config) else { return Ok(()) };
    let mut exporter = SpanExporter::builder().with_http().with_http_client(Post(PATIENCE));
    if !config.otlp_endpoint.is_empty() {
        let base = config.otlp_endpoint.trim_end_matches('/');
        exporter = exporter.with_endpoint(format!("{base}/v1/traces"));
    }
    let exporter = exporter.build().map_err(|error| format!("{name}: {error}"))?;
    let service = env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| "funfair".into());
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(service).build())
        .build();
    let tracer = provider.tracer("funfair");
    if TRACES.set(Traces { provider, tracer }).is_ok() {
        tracing::info!(by = name, "traces are sent");
    }
    Ok(())
}

/// Sends what is left.
pub fn stop() {
    if let Some(traces) = TRACES.get()
        && let Err(error) = traces.provider.force_flush()
    {
        tracing::warn!(%error, "the last traces were not sent");
    }
}

/// A request that is being answered, below the span that its `traceparent` names.
pub(crate) struct Request(Option<Context>);

impl Request {
    pub(crate) fn begin(headers: &HeaderMap, method: &Method, route: &str) -> Self {
        let Some(Traces { tracer, .. }) = TRACES.get() else { return Self(None) };
        let caller = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        let span = tracer
            .span_builder(format!("{method} {route}"))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method.to_string()),
                KeyValue::new("http.route", route.to_owned()),
            ])
            .start_with_context(tracer, &caller);
        Self(Some(caller.with_span(span)))
    }

    /// Does something in its name.
    pub(crate) async fn run<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    pub(crate) fn end(self, status: u16, code: &str) {
        let Some(context) = self.0 else { return };
        let span = context.span();
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status)));
        if !code.is_empty() {
            span.set_attribute(KeyValue::new("error.type", code.to_owned()));
        }
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

/// A play that waits for its batch, of a request that somebody follows.
pub(crate) struct Waiting(Option<(Context, SystemTime)>);

impl Waiting {
    pub(crate) fn new() -> Self {
        let context = Context::current();
        let followed = context.span().span_context().is_sampled();
        Self(followed.then(|| (context, SystemTime::now())))
    }
}

/// A batch that is being decided, written and committed.
pub(crate) struct Batch(SystemTime);

impl Batch {
    pub(crate) fn begin() -> Self {
        Self(SystemTime::now())
    }

    /// It was of so many plays; each has a span of its own below its request's.
    pub(crate) fn end(&self, waiting: impl Iterator<Item = Waiting>, plays: usize) {
        let Some(Traces { tracer, .. }) = TRACES.get() else { return };
        let plays = i64::try_from(plays).unwrap_or(i64::MAX);
        for (request, since) in waiting.filter_map(|one| one.0) {
            let waited = self.0.duration_since(since).unwrap_or_default();
            tracer
                .span_builder("batch")
                .with_start_time(self.0)
                .with_attributes([
                    KeyValue::new("funfair.batch.plays", plays),
                    KeyValue::new("funfair.batch.waited_s", waited.as_secs_f64()),
                ])
                .start_with_context(tracer, &request);
        }
    }
}
