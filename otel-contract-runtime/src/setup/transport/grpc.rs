//! OTLP over gRPC.

use crate::setup::otlp::OtlpSettings;
use opentelemetry_otlp::{Compression, Protocol, RetryPolicy, WithExportConfig, WithTonicConfig};
use std::fmt;
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataKey, MetadataValue};

pub(super) fn configured<B: WithExportConfig + WithTonicConfig>(
    builder: B,
    settings: &OtlpSettings,
    longest: Duration,
) -> B {
    let builder = builder
        .with_protocol(Protocol::Grpc)
        .with_endpoint(&settings.endpoint)
        .with_timeout(longest)
        .with_retry_policy(RetryPolicy::recommended())
        .with_interceptor(Headers::new(settings));
    if settings.gzip {
        builder.with_compression(Compression::Gzip)
    } else {
        builder
    }
}

/// Sets our headers, and no others: the exporter adds those of the process's environment by itself.
#[derive(Clone)]
struct Headers(Vec<(MetadataKey<Ascii>, MetadataValue<Ascii>)>);

impl Headers {
    /// Names and values were checked when the settings were read.
    fn new(settings: &OtlpSettings) -> Self {
        let header = |(name, value): &(String, String)| {
            let mut value: MetadataValue<Ascii> = value.parse().ok()?;
            value.set_sensitive(true);
            Some((MetadataKey::from_bytes(name.as_bytes()).ok()?, value))
        };
        Self(settings.headers.iter().filter_map(header).collect())
    }
}

/// What the exporter says of itself.
const USER_AGENT: &str = "user-agent";

impl tonic::service::Interceptor for Headers {
    fn call(
        &mut self,
        mut request: tonic::Request<()>,
    ) -> Result<tonic::Request<()>, tonic::Status> {
        let metadata = request.metadata_mut();
        let agent = metadata.remove(USER_AGENT);
        metadata.clear();
        if let Some(agent) = agent {
            metadata.insert(USER_AGENT, agent);
        }
        for (name, value) in &self.0 {
            metadata.insert(name.clone(), value.clone());
        }
        Ok(request)
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}
