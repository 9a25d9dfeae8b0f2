//! TLS of the exporters, by rustls.

use crate::setup::certificates::{CertificateFile, CertificateFiles};
use crate::setup::printable::printable;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use std::error::Error as StdError;
use std::fs;
use std::io;
use std::sync::Arc;

/// Certificates and keys, read from their files.
pub(super) struct Certificates {
    /// The issuers that are trusted; `None`: the root certificates of Mozilla.
    issuers: Option<Vec<CertificateDer<'static>>>,
    client: Option<ClientCertificate>,
}

/// The certificate of the service, with which it identifies itself to the collector.
struct ClientCertificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// The key as in its file, for ureq.
    #[cfg(feature = "otlp-http")]
    pem: Vec<u8>,
}

impl Certificates {
    pub(super) fn read(files: &CertificateFiles) -> Result<Self, String> {
        let issuers = files.issuers.as_ref().map(read_certificates).transpose()?;
        let client = files.client.as_ref().map(read_client).transpose()?;
        Ok(Self { issuers, client })
    }

    /// Returns the configuration of a rustls client.
    pub(super) fn client_config(&self) -> Result<ClientConfig, String> {
        let mut roots = RootCertStore::empty();
        match &self.issuers {
            Some(issuers) => {
                for issuer in issuers {
                    let added = roots.add(issuer.clone());
                    added.map_err(|error| {
                        format!("a certificate of an issuer is invalid: {error}")
                    })?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots);
        match &self.client {
            Some(client) => config
                .with_client_auth_cert(client.chain.clone(), client.key.clone_key())
                .map_err(|error| {
                    format!("the certificate of the service does not fit its key: {error}")
                }),
            None => Ok(config.with_no_client_auth()),
        }
    }

    /// Returns the configuration of a ureq client.
    #[cfg(feature = "otlp-http")]
    pub(super) fn agent_config(&self) -> Result<ureq::tls::TlsConfig, String> {
        use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
        // ureq ignores an invalid issuer, and panics at the first connection if a certificate does not fit its key.
        self.client_config()?;
        let owned =
            |certificate: &CertificateDer<'_>| Certificate::from_der(certificate).to_owned();
        let roots = match &self.issuers {
            Some(issuers) => {
                let issuers: Vec<_> = issuers.iter().map(owned).collect();
                RootCerts::new_with_certs(&issuers)
            }
            None => RootCerts::WebPki,
        };
        let client = match &self.client {
            Some(client) => {
                let chain: Vec<_> = client.chain.iter().map(owned).collect();
                let key = PrivateKey::from_pem(&client.pem);
                let key = key.map_err(|_| "the private key of the service is invalid")?;
                Some(ClientCert::new_with_certs(&chain, key))
            }
            None => None,
        };
        let config = TlsConfig::builder().root_certs(roots).client_cert(client);
        Ok(config.build())
    }
}

fn read_client([certificate, key]: &[CertificateFile; 2]) -> Result<ClientCertificate, String> {
    let pem = read_file(key)?;
    let parsed = PrivateKeyDer::from_pem_slice(&pem);
    Ok(ClientCertificate {
        chain: read_certificates(certificate)?,
        key: parsed.map_err(|_| format!("{} has no private key in PEM", described(key)))?,
        #[cfg(feature = "otlp-http")]
        pem,
    })
}

fn read_certificates(file: &CertificateFile) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = read_file(file)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(format!("{} has no certificate in PEM", described(file))),
    }
}

fn read_file(file: &CertificateFile) -> Result<Vec<u8>, String> {
    fs::read(&file.path).map_err(|error| format!("{} cannot be read: {error}", described(file)))
}

fn described(file: &CertificateFile) -> String {
    let CertificateFile { variable, path } = file;
    format!("file `{}` of `{variable}`", printable(path))
}

/// Returns the TLS error behind an error of a client, in words; `None` if there is none.
pub(super) fn tls_error(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<Error>() {
            return Some(describe(error));
        }
        next = match error.downcast_ref::<io::Error>() {
            // `source` of an `io::Error` skips the error inside.
            Some(error) => error
                .get_ref()
                .map(|inner| inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}

/// Hint for a collector that ends a connection, if the service has no certificate.
pub(super) const CLIENT_HINT: &str = "; if it asks for a certificate of the service, set `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` and `OTEL_EXPORTER_OTLP_CLIENT_KEY`";

pub(super) fn describe(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => {
            format!("the certificate of the collector {}", reason(error))
        }
        Error::AlertReceived(alert) => {
            format!("the collector ended the connection with the TLS alert {alert:?}{CLIENT_HINT}")
        }
        Error::InvalidMessage(_) => "the collector does not speak TLS on this port".to_owned(),
        error => format!("no TLS connection to the collector: {error}"),
    }
}

fn reason(error: &CertificateError) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet; is the clock of this machine right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host name than that of the endpoint".to_owned()
        }
        // A bad signature: another issuer has the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "has an unknown issuer: set `OTEL_EXPORTER_OTLP_CERTIFICATE` to the file with the certificate of its issuer"
                .to_owned()
        }
        CertificateError::Revoked => "is revoked".to_owned(),
        error => format!("is invalid: {error}"),
    }
}
