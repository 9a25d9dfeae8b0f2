//! Files with certificates for TLS, which variables name.

use super::Signal;
use super::environment::Reader;

/// The files of one signal, in PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CertificateFiles {
    /// The certificates of the issuers that are trusted; `None`: the root certificates of Mozilla.
    pub(super) issuers: Option<CertificateFile>,
    /// The certificate of the service and its key, for a collector that asks for them.
    pub(super) client: Option<[CertificateFile; 2]>,
}

/// A file, and the variable that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertificateFile {
    pub(super) variable: String,
    pub(super) path: String,
}

/// Reads the variables of a signal. They are errors if the endpoint is not encrypted: telemetry that requires TLS must not
/// be sent in plain text.
pub(super) fn read(
    reader: &mut Reader<'_>,
    signal: Signal,
    endpoint: Option<&str>,
) -> CertificateFiles {
    let issuers = file(reader, signal, "CERTIFICATE");
    let certificate = file(reader, signal, "CLIENT_CERTIFICATE");
    let key = file(reader, signal, "CLIENT_KEY");
    let is_plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut is_rejected = false;
    for file in [&issuers, &certificate, &key].into_iter().flatten() {
        is_rejected = !cfg!(feature = "tls") || is_plain;
        if !cfg!(feature = "tls") {
            reader.variable_error(&file.variable, format!("is set, {WITHOUT_TLS}"), TLS_HELP);
        } else if is_plain {
            let what = "is set, but the endpoint is not encrypted";
            let help = "write `https://` in the endpoint, or remove the variable";
            reader.variable_error(&file.variable, what, help);
        }
    }
    if is_rejected {
        return CertificateFiles::default();
    }
    let client = match (certificate, key) {
        (Some(certificate), Some(key)) => Some([certificate, key]),
        (Some(alone), None) => {
            let help = "set `OTEL_EXPORTER_OTLP_CLIENT_KEY` to the file with its private key";
            reader.variable_error(&alone.variable, "is set without a private key", help);
            None
        }
        (None, Some(alone)) => {
            let help =
                "set `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` to the file with the certificate";
            reader.variable_error(&alone.variable, "is set without a certificate", help);
            None
        }
        (None, None) => None,
    };
    CertificateFiles { issuers, client }
}

fn file(reader: &mut Reader<'_>, signal: Signal, setting: &str) -> Option<CertificateFile> {
    let mut variables = signal.variables(setting).into_iter();
    variables.find_map(|variable| {
        let path = reader.text_or_error(&variable)?;
        Some(CertificateFile { variable, path })
    })
}

/// The problem of TLS without its feature, after the part of the settings that asks for TLS.
pub(super) const WITHOUT_TLS: &str = "but feature `tls` of `otel-contract` is not enabled";

/// Help text, the same for every signal, so that equal errors are reported once.
pub(super) const TLS_HELP: &str = "enable it: `otel-contract = { features = [\"tls\"] }`; or send without encryption to a local collector that adds TLS";
