//! OTLP over HTTP, with a blocking client: the SDK exports from threads of its own.

use crate::setup::otlp::OtlpSettings;
use ::http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response, ResponseBodyTooLarge};
use opentelemetry_otlp::{Compression, Protocol, RetryPolicy, WithExportConfig, WithHttpConfig};
use std::fmt;
use std::time::Duration;
use ureq::Agent;

/// Answers are short; what is longer comes from something that is no collector.
const LONGEST_ANSWER: u64 = 4 * 1024 * 1024;

/// What the exporter says of the body and of itself.
const OF_THE_EXPORTER: [HeaderName; 3] = [CONTENT_TYPE, CONTENT_ENCODING, USER_AGENT];

pub(super) fn configured<B: WithExportConfig + WithHttpConfig>(
    builder: B,
    settings: &OtlpSettings,
    longest: Duration,
) -> B {
    let builder = builder
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(&settings.endpoint)
        .with_timeout(longest)
        .with_retry_policy(RetryPolicy::recommended())
        .with_http_client(Client::new(settings, longest));
    if settings.gzip {
        builder.with_compression(Compression::Gzip)
    } else {
        builder
    }
}

struct Client {
    agent: Agent,
    headers: HeaderMap,
}

impl Client {
    fn new(settings: &OtlpSettings, longest: Duration) -> Self {
        // A collector is asked directly, as over gRPC, and a redirect would take the headers along.
        let config = Agent::config_builder()
            .timeout_global(Some(longest))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        // Names and values were checked when the settings were read.
        let header = |(name, value): &(String, String)| {
            let mut value = HeaderValue::from_str(value).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
        };
        Self {
            agent: Agent::new_with_config(config.build()),
            headers: settings.headers.iter().filter_map(header).collect(),
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (mut parts, body) = request.into_parts();
        // The exporter adds those of the process's environment by itself; ours are all there are.
        let mut headers = self.headers.clone();
        for name in OF_THE_EXPORTER {
            if let Some(value) = parts.headers.remove(&name) {
                headers.insert(name, value);
            }
        }
        parts.headers = headers;
        let answer = self.agent.run(Request::from_parts(parts, &body[..]))?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(LONGEST_ANSWER).read_to_vec();
        let body = body.map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => Box::new(ResponseBodyTooLarge::new()) as HttpError,
            error => error.into(),
        })?;
        Ok(Response::from_parts(parts, body.into()))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("headers", &self.headers.keys())
            .finish_non_exhaustive()
    }
}
