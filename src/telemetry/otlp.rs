//! Hands [`super::spans`] to an OpenTelemetry collector, by OTLP over HTTP, where the operator has set one.
//!
//! Nobody waits for it: what ends is put into a queue of limited length, and dropped where that is full; a thread of the
//! library's own empties it every few seconds. The variables `OTEL_…` of the OpenTelemetry specification, such as
//! `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_TRACES_SAMPLER`, apply to what is not set here.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use reqwest::{Client, redirect::Policy};
use tokio::{runtime::Handle, time::Instant};
use tracing::{Metadata, level_filters::LevelFilter};
use tracing_subscriber::{Layer, Registry, filter::filter_fn};
use url::Url;

/// How long the collector may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what is left may take at the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// How often it is told that the collector does not take anything.
const SILENCE: Duration = Duration::from_mins(10);

/// Spans are handed over.
#[derive(Debug)]
pub struct Exporter(SdkTracerProvider);

/// The collector cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the setting otlp_url cannot be used: {0}")]
pub struct WrongCollector(String);

impl Exporter {
    /// Begins; the collector is not asked yet. Calls are made on the given runtime.
    ///
    /// # Errors
    /// The address, or a variable of OpenTelemetry's, cannot be used; the words do not hold the address.
    pub fn start(url: &Url, runtime: Handle) -> Result<Self, WrongCollector> {
        let caller = Caller::new(url, runtime)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(caller)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            // The caller knows the true one, which may hold a secret.
            .with_endpoint("http://collector.invalid/v1/traces")
            .build()
            .map_err(|error| WrongCollector(error.to_string()))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name("hearback").with_attribute(version).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What takes the spans where they end: those of this program alone, without the libraries', and no events.
    pub(super) fn layer(&self) -> impl Layer<Registry> + Send + Sync + use<> {
        let ours = |metadata: &Metadata<'_>| {
            metadata.is_span() && metadata.target().starts_with("hearback") && *metadata.level() <= LevelFilter::INFO
        };
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("hearback"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_context_activation(false)
            .with_filter(filter_fn(ours).with_max_level_hint(LevelFilter::INFO))
    }

    /// Hands over what is left, where that is possible within half a second.
    pub fn stop(self) {
        if self.0.shutdown_with_timeout(FAREWELL).is_err() {
            tracing::debug!("the last spans were not handed over");
        }
    }
}

/// Calls the collector.
#[derive(Debug)]
struct Caller {
    client: Client,
    url: Url,
    /// The library's thread has none of its own.
    runtime: Handle,
    told: Mutex<Option<Instant>>,
}

impl Caller {
    fn new(url: &Url, runtime: Handle) -> Result<Self, WrongCollector> {
        let mut url = url.clone();
        url.path_segments_mut()
            .map_err(|()| WrongCollector("it has the form http://HOST:PORT".to_owned()))?
            .pop_if_empty()
            .extend(["v1", "traces"]);
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .referer(false)
            .user_agent(concat!("Hearback/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| WrongCollector(error.to_string()))?;
        Ok(Self { client, url, runtime, told: Mutex::default() })
    }

    /// Tells it now and then, not each time.
    fn warn(&self, why: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= SILENCE) {
            *told = Some(Instant::now());
            tracing::warn!(why, "spans could not be handed over (setting otlp_url)");
        }
    }
}

/// Calls, and gives the status. The address, which may hold a secret, stands in no error.
async fn call(request: reqwest::RequestBuilder) -> Result<Response<Bytes>, String> {
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) if error.is_timeout() => return Err("the collector did not answer in time".to_owned()),
        Err(_) => return Err("the collector could not be reached".to_owned()),
    };
    let status = answer.status();
    let mut response = Response::new(answer.bytes().await.unwrap_or_default());
    *response.status_mut() = status;
    Ok(response)
}

#[async_trait]
impl HttpClient for Caller {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let request = self.client.post(self.url.clone()).headers(head.headers).body(body);
        let outcome =
            self.runtime.spawn(call(request)).await.unwrap_or_else(|_| Err("the runtime has ended".to_owned()));
        match &outcome {
            Ok(response) if !response.status().is_success() => {
                self.warn(&format!("the collector answered {}", response.status()));
            }
            Err(why) => self.warn(why),
            Ok(_) => {}
        }
        outcome.map_err(Into::into)
    }
}
