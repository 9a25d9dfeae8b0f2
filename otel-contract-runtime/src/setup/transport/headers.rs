//! The headers of an export.

use crate::setup::otlp::OtlpSettings;
use http::header::{
    CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};

/// Headers that the settings cannot change: they describe the body, the connection and the exporter.
const RESERVED: [HeaderName; 9] = [
    CONTENT_TYPE,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    TE,
    TRAILER,
    UPGRADE,
    USER_AGENT,
];

/// User agent, with the language and version of the exporter as the specification requires.
const EXPORTER: &str = concat!(
    "OTel-OTLP-Exporter-Rust/",
    env!("CARGO_PKG_VERSION"),
    " (otel-contract)"
);

/// Returns the headers of the settings and of the exporter. Settings cannot replace headers of the exporter.
pub(super) fn build_headers(settings: &OtlpSettings, content_type: &'static str) -> HeaderMap {
    // Names and values were validated when the settings were read.
    let header = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        let is_free = !RESERVED.contains(&name) && !name.as_str().starts_with("grpc-");
        is_free.then_some((name, value))
    };
    let mut headers: HeaderMap = settings.headers.iter().filter_map(header).collect();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(USER_AGENT, HeaderValue::from_static(EXPORTER));
    headers
}

/// Compresses a body if `gzip` is set.
pub(super) fn compress(plain: Vec<u8>, gzip: bool) -> std::io::Result<Vec<u8>> {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;
    if !gzip {
        return Ok(plain);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&plain)?;
    encoder.finish()
}
