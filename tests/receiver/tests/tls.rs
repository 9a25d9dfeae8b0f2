//! Set-up with a collector behind TLS, over both protocols: certificates that are trusted, and certificates that are not.

mod support;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use support::{PROTOCOLS, bounded, take_turn, telemetry, work};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// A certificate authority.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A certificate and its key, in PEM.
struct Leaf {
    certificate: String,
    key: String,
}

impl Authority {
    /// `name`: an issuer is found by its name.
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    fn leaf(&self, name: &str, expires: i32) -> Leaf {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a valid name");
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(expires, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Leaf {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.pem.as_bytes()).expect("valid PEM"))
            .expect("a valid issuer");
        roots
    }
}

/// Ends TLS in front of a receiver. Stops when it is dropped.
struct Front {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    fn start(receiver: &Receiver, leaf: &Leaf, clients: Option<&Authority>) -> Self {
        let behind: SocketAddr = receiver.endpoint()["http://".len()..]
            .parse()
            .expect("the receiver has an address");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("valid versions");
        let builder = match clients {
            Some(authority) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(Arc::new(authority.roots()), provider)
                    .build()
                    .expect("a verifier"),
            ),
            None => builder.with_no_client_auth(),
        };
        let chain = vec![CertificateDer::from_pem_slice(leaf.certificate.as_bytes()).expect("PEM")];
        let key = PrivateKeyDer::from_pem_slice(leaf.key.as_bytes()).expect("PEM");
        let mut config = builder.with_single_cert(chain, key).expect("a fitting key");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("a bound socket");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                let accept = async {
                    while let Ok((stream, _)) = listener.accept().await {
                        let acceptor = acceptor.clone();
                        tokio::spawn(async move {
                            let mut outer = acceptor.accept(stream).await.ok()?;
                            let mut inner = TcpStream::connect(behind).await.ok()?;
                            tokio::io::copy_bidirectional(&mut outer, &mut inner)
                                .await
                                .ok()
                        });
                    }
                };
                tokio::select! {
                    () = accept => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn endpoint(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A folder for the files of one test, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("otel-contract-tls-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path: &Path = &self.0.join(name);
        std::fs::write(path, text).expect("a temporary file");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Exports one span and returns the report.
fn export(endpoint: &str, protocol: &str, more: &[(&str, &str)]) -> setup::Report {
    let guard = telemetry(endpoint, protocol, more)
        .install()
        .expect("the set-up has no errors");
    work(&guard, 1);
    guard.shutdown()
}

/// Asserts that telemetry is not delivered, with this reason and without a token of the headers.
#[track_caller]
fn assert_refused(front: &Front, ca: &str, reason: &str) {
    for protocol in PROTOCOLS {
        let variables = [
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", ca),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20t0ken"),
        ];
        let report = export(&front.endpoint(), protocol, &variables);
        assert!(!report.is_all_delivered(), "{protocol}");
        let text = report.to_string();
        assert!(text.contains(reason), "{protocol}: {text}");
        assert!(!text.contains("t0ken"), "{protocol}: {text}");
    }
}

#[test]
fn telemetry_reaches_a_collector_whose_issuer_is_trusted() {
    let _turn = take_turn();
    bounded(|| {
        let folder = Folder::new("trusted");
        let authority = Authority::new("known");
        let receiver = Receiver::start(Behaviour::Accept);
        let front = Front::start(&receiver, &authority.leaf("127.0.0.1", 2100), None);
        let ca = folder.file("ca.pem", &authority.pem);
        for (index, protocol) in PROTOCOLS.into_iter().enumerate() {
            let gzip = ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
            let variables = [("OTEL_EXPORTER_OTLP_CERTIFICATE", &*ca), gzip];
            let report = export(&front.endpoint(), protocol, &variables);
            assert!(report.is_all_delivered(), "{protocol}: {report}");
            assert_eq!(receiver.received().spans().count(), index + 1, "{protocol}");
        }
    });
}

#[test]
fn an_untrusted_certificate_is_an_error_with_its_reason() {
    let _turn = take_turn();
    bounded(|| {
        let folder = Folder::new("untrusted");
        let (authority, stranger) = (Authority::new("known"), Authority::new("unknown"));
        let ca = folder.file("ca.pem", &authority.pem);
        let receiver = Receiver::start(Behaviour::Accept);
        let front = |leaf: &Leaf| Front::start(&receiver, leaf, None);
        let cases = [
            (authority.leaf("127.0.0.1", 2001), "has expired"),
            (
                authority.leaf("collector.example", 2100),
                "is for another host name than that of the endpoint",
            ),
            (
                Authority::new("known").leaf("127.0.0.1", 2100),
                "has an unknown issuer: set `OTEL_EXPORTER_OTLP_CERTIFICATE`",
            ),
            (
                stranger.leaf("127.0.0.1", 2100),
                "has an unknown issuer: set `OTEL_EXPORTER_OTLP_CERTIFICATE`",
            ),
        ];
        for (leaf, reason) in &cases {
            assert_refused(&front(leaf), &ca, reason);
        }
        assert_eq!(receiver.received().spans().count(), 0);
    });
}

#[test]
fn the_service_identifies_itself_with_its_certificate() {
    let _turn = take_turn();
    bounded(|| {
        let folder = Folder::new("client");
        let authority = Authority::new("known");
        let ca = folder.file("ca.pem", &authority.pem);
        let client = authority.leaf("billing-api", 2100);
        let (certificate, key) = (
            folder.file("client.pem", &client.certificate),
            folder.file("client.key", &client.key),
        );
        let receiver = Receiver::start(Behaviour::Accept);
        let leaf = authority.leaf("127.0.0.1", 2100);
        let front = Front::start(&receiver, &leaf, Some(&authority));
        for protocol in PROTOCOLS {
            let variables = [
                ("OTEL_EXPORTER_OTLP_CERTIFICATE", &*ca),
                ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &certificate),
                ("OTEL_EXPORTER_OTLP_CLIENT_KEY", &key),
            ];
            let report = export(&front.endpoint(), protocol, &variables);
            assert!(report.is_all_delivered(), "{protocol}: {report}");
            let report = export(&front.endpoint(), protocol, &variables[..1]);
            assert!(!report.is_all_delivered(), "{protocol}");
            let text = report.to_string();
            assert!(text.contains("CLIENT_CERTIFICATE"), "{protocol}: {text}");
        }
    });
}

#[test]
fn a_collector_without_tls_is_told_apart() {
    let _turn = take_turn();
    bounded(|| {
        let receiver = Receiver::start(Behaviour::Accept);
        let endpoint = receiver.endpoint().replace("http://", "https://");
        for protocol in PROTOCOLS {
            let report = export(&endpoint, protocol, &[]);
            assert!(!report.is_all_delivered(), "{protocol}");
            let text = report.to_string();
            let reason = "the collector does not speak TLS on this port";
            assert!(text.contains(reason), "{protocol}: {text}");
        }
    });
}

#[test]
fn files_that_cannot_be_used_are_errors_of_the_set_up() {
    let _turn = take_turn();
    let folder = Folder::new("files");
    let (authority, other) = (Authority::new("known"), Authority::new("unknown"));
    let (leaf, stranger) = (authority.leaf("a", 2100), other.leaf("b", 2100));
    let certificate = folder.file("leaf.pem", &leaf.certificate);
    let key = folder.file("leaf.key", &leaf.key);
    let other_key = folder.file("other.key", &stranger.key);
    let text = folder.file("text.pem", "not PEM");
    let missing = folder.0.join("missing.pem").display().to_string();
    let directory = folder.0.display().to_string();
    let (issuers, client, client_key) = (
        "OTEL_EXPORTER_OTLP_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
        "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    );
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[(issuers, &missing)], "cannot be read"),
        (&[(issuers, &directory)], "cannot be read"),
        (&[(issuers, &text)], "has no certificate in PEM"),
        (
            &[(client, &certificate), (client_key, &text)],
            "has no private key in PEM",
        ),
        (
            &[(client, &certificate), (client_key, &other_key)],
            "does not fit its key",
        ),
        (&[(client, &certificate)], "is set without a private key"),
        (&[(client_key, &key)], "is set without a certificate"),
    ];
    for protocol in PROTOCOLS {
        for (variables, reason) in cases {
            let set_up = telemetry("https://127.0.0.1:1", protocol, variables);
            let error = set_up.install().expect_err(reason).to_string();
            assert!(error.contains(reason), "{protocol}: {error}");
        }
        let set_up = telemetry("http://127.0.0.1:1", protocol, &[(issuers, &certificate)]);
        let error = set_up.install().expect_err("plain text").to_string();
        assert!(error.contains("the endpoint is not encrypted"), "{error}");
    }
}
