//! OTLP settings of a signal: endpoint, protocol, headers, timeout and compression.

use super::certificates::{self, CertificateFiles, TLS_HELP, WITHOUT_TLS};
use super::environment::Reader;
use super::error::option;
use super::export_options::ExportOptions;
use super::pairs::{self, Pairs};
use super::printable::printable;
use super::{Protocol, SetupError, Signal};
use std::fmt;
use std::time::Duration;

/// OTLP settings of one signal.
#[derive(Clone, PartialEq)]
pub(super) struct OtlpSettings {
    pub(super) protocol: Protocol,
    /// URL, with the path if the protocol is HTTP.
    pub(super) endpoint: String,
    /// Header names in lower case, and values.
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Duration,
    pub(super) gzip: bool,
    pub(super) certificates: CertificateFiles,
}

impl fmt::Debug for OtlpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("OtlpSettings")
            .field("protocol", &self.protocol)
            // A query may contain a key.
            .field("endpoint", &self.endpoint.split('?').next())
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("gzip", &self.gzip)
            .field("certificates", &self.certificates)
            .finish()
    }
}

/// Default timeout of an export, as in the specification.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Reads the settings of a signal, and adds errors to the reader; `None` without a valid protocol and endpoint.
pub(super) fn read(
    reader: &mut Reader<'_>,
    options: &ExportOptions,
    signal: Signal,
) -> Option<OtlpSettings> {
    let headers = read_headers(reader, options, signal);
    let timeout = read_timeout(reader, options, signal);
    let gzip = read_gzip(reader, signal);
    let protocol = read_protocol(reader, options, signal);
    let endpoint = protocol.and_then(|protocol| read_endpoint(reader, options, signal, protocol));
    let certificates = certificates::read(reader, signal, endpoint.as_deref());
    Some(OtlpSettings {
        protocol: protocol?,
        endpoint: endpoint?,
        headers,
        timeout,
        gzip,
        certificates,
    })
}

fn read_protocol(
    reader: &mut Reader<'_>,
    options: &ExportOptions,
    signal: Signal,
) -> Option<Protocol> {
    let words = Protocol::ALL.map(|protocol| (protocol.name(), protocol));
    let (protocol, by) = if let Some(protocol) = options.protocol {
        (protocol, "`protocol(…)`".to_owned())
    } else if let Some((protocol, name)) = signal
        .variables("PROTOCOL")
        .into_iter()
        .find_map(|name| Some((reader.word(&name, &words)?, name)))
    {
        (protocol, format!("`{name}`"))
    } else if let Some(protocol) = Protocol::ALL
        .into_iter()
        .find(|protocol| protocol.is_compiled())
    {
        (protocol, String::new())
    } else {
        let what = "spans, measurements or log records need an OTLP exporter".to_owned();
        reader.error(SetupError::Feature {
            what,
            feature: Protocol::HttpProtobuf.feature(),
        });
        return None;
    };
    if !protocol.is_compiled() {
        reader.error(SetupError::Feature {
            what: format!("{by} requires the protocol `{}`", protocol.name()),
            feature: protocol.feature(),
        });
        return None;
    }
    Some(protocol)
}

fn read_endpoint(
    reader: &mut Reader<'_>,
    options: &ExportOptions,
    signal: Signal,
    protocol: Protocol,
) -> Option<String> {
    let [own, general] = signal.variables("ENDPOINT");
    let path = match protocol {
        Protocol::Grpc => "",
        Protocol::HttpProtobuf => signal.path(),
    };
    if let Some(written) = &options.endpoint {
        return match parse_endpoint(written, protocol, false) {
            Ok(address) if address.has_fragment => {
                reader.error(option("endpoint", FRAGMENT.0, FRAGMENT.1));
                None
            }
            Ok(address) => Some(address.joined(path)),
            Err((what, help)) => {
                reader.error(option("endpoint", what, &help));
                None
            }
        };
    }
    let insecure = read_insecure(reader, signal);
    let (name, path) = match reader.text_or_error(&own) {
        // The specification uses the endpoint of a signal without a path appended.
        Some(_) => (own, None),
        None => (general, Some(path)),
    };
    let Some(written) = reader.text_or_error(&name) else {
        return Some(format!("{}{}", protocol.default_endpoint(), path?));
    };
    match parse_endpoint(&written, protocol, insecure) {
        Ok(address) => {
            if address.has_fragment {
                let (what, help) = FRAGMENT;
                reader.variable_warning(&name, what, "it is used without the fragment", help);
            }
            Some(match path {
                Some(path) => address.joined(path),
                None => address.whole(),
            })
        }
        Err((what, help)) => {
            reader.variable_error(&name, what, help);
            None
        }
    }
}

/// Whether an address without a scheme means plain HTTP. The specification allows this only for gRPC.
fn read_insecure(reader: &mut Reader<'_>, signal: Signal) -> bool {
    let [own, general] = signal.variables("INSECURE");
    let (own_value, general_value) = (reader.boolean(&own), reader.boolean(&general));
    own_value.or(general_value).unwrap_or(false)
}

/// A valid URL without credentials. Path and query are empty if the protocol has none.
struct Address<'a> {
    scheme: &'static str,
    authority: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    has_fragment: bool,
}

/// Problem and help text for an endpoint with a fragment.
const FRAGMENT: (&str, &str) = (
    "has a fragment, which is not sent",
    "remove `#` and everything after it; in a path or query, write `#` as `%23`",
);

impl Address<'_> {
    /// Returns the URL with the path of a signal appended to its own path, before its query.
    fn joined(&self, path: &str) -> String {
        self.with_path(&format!("{}{path}", self.path.trim_end_matches('/')))
    }

    fn whole(&self) -> String {
        self.with_path(self.path)
    }

    fn with_path(&self, path: &str) -> String {
        let Self {
            scheme, authority, ..
        } = self;
        match self.query {
            None => format!("{scheme}://{authority}{path}"),
            Some(query) if path.is_empty() => format!("{scheme}://{authority}/?{query}"),
            Some(query) => format!("{scheme}://{authority}{path}?{query}"),
        }
    }
}

/// Parses an endpoint. An error is the problem and the help text.
fn parse_endpoint(
    written: &str,
    protocol: Protocol,
    insecure: bool,
) -> Result<Address<'_>, (String, String)> {
    let example = protocol.default_endpoint();
    let help = format!("write a URL like `{example}`");
    let (scheme, rest) = match written.split_once("://") {
        Some(parts) => parts,
        None if insecure && protocol == Protocol::Grpc => ("http", written),
        // The value is not shown, because text without a scheme may be a token in the wrong variable.
        None => return Err(("is not a URL: it has no scheme".to_owned(), help)),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    if authority.contains('@') {
        let help = "pass credentials in `OTEL_EXPORTER_OTLP_HEADERS`, or with `.header(…)`";
        return Err(("contains a user name".to_owned(), help.to_owned()));
    }
    let is_https = scheme.eq_ignore_ascii_case("https");
    if is_https && !cfg!(feature = "tls") {
        let what = format!("is `https://{}`, {WITHOUT_TLS}", printable(authority));
        return Err((what, TLS_HELP.to_owned()));
    }
    let host_and_port = authority.rsplit_once(':').filter(|(host, _)| {
        // Colons inside brackets are part of an IPv6 address.
        !host.starts_with('[') || host.ends_with(']')
    });
    let (host, port) = host_and_port.map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_port_valid = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let is_graphic = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if !(is_https || scheme.eq_ignore_ascii_case("http"))
        || host.is_empty()
        || !is_port_valid
        || !is_graphic(authority)
        || !is_graphic(target)
    {
        let (scheme, authority) = (printable(scheme), printable(authority));
        return Err((
            format!("has the invalid value `{scheme}://{authority}`"),
            help,
        ));
    }
    let (target, has_fragment) = match target.split_once('#') {
        Some((target, _)) => (target, true),
        None => (target, false),
    };
    let (path, query) = parse_target(target, protocol)?;
    Ok(Address {
        scheme: if is_https { "https" } else { "http" },
        authority,
        path,
        query,
        has_fragment,
    })
}

/// Splits path and query, if the protocol has them. Messages do not contain the query, because it may be a key.
fn parse_target(
    target: &str,
    protocol: Protocol,
) -> Result<(&str, Option<&str>), (String, String)> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query).filter(|query| !query.is_empty())),
        None => (target, None),
    };
    match (protocol, query) {
        (Protocol::Grpc, Some(_)) => {
            let what = "has a query, which gRPC does not send".to_owned();
            let help = "pass its content in `OTEL_EXPORTER_OTLP_HEADERS`, or with `.header(…)`";
            Err((what, help.to_owned()))
        }
        // gRPC uses the path of the service.
        (Protocol::Grpc, None) => Ok(("", None)),
        (Protocol::HttpProtobuf, query) => Ok((path, query)),
    }
}

fn read_timeout(reader: &mut Reader<'_>, options: &ExportOptions, signal: Signal) -> Duration {
    let [own, general] = signal.variables("TIMEOUT");
    let (own_value, general_value) = (reader.timeout(&own), reader.timeout(&general));
    let timeout = options
        .timeout
        .or(own_value)
        .or(general_value)
        .unwrap_or(TIMEOUT);
    match signal {
        Signal::Metrics => {
            let metric_timeout = reader.timeout("OTEL_METRIC_EXPORT_TIMEOUT");
            metric_timeout.map_or(timeout, |most| timeout.min(most))
        }
        Signal::Traces | Signal::Logs => timeout,
    }
}

fn read_gzip(reader: &mut Reader<'_>, signal: Signal) -> bool {
    let [own, general] = signal.variables("COMPRESSION");
    let words = [("gzip", true), ("none", false)];
    let (own_value, general_value) = (reader.word(&own, &words), reader.word(&general, &words));
    own_value.or(general_value).unwrap_or(false)
}

fn read_headers(
    reader: &mut Reader<'_>,
    options: &ExportOptions,
    signal: Signal,
) -> Vec<(String, String)> {
    let [own, general] = signal.variables("HEADERS");
    let (name, written) = match reader.text_or_error(&own) {
        Some(written) => (own, Some(written)),
        None => (general.clone(), reader.text_or_error(&general)),
    };
    let Pairs { valid, problems } = Pairs::read(&written.unwrap_or_default());
    // A header may identify the tenant, so telemetry is not sent without it.
    for problem in problems {
        reader.variable_error(&name, problem, pairs::HELP);
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    for (header, value) in valid {
        match check_header(&header, &value) {
            Ok(()) => {
                if headers
                    .iter()
                    .any(|(known, _)| known.eq_ignore_ascii_case(&header))
                {
                    let what = format!("has header `{}` twice", printable(&header));
                    let help = "write each header once";
                    reader.variable_warning(&name, what, "its last value is used", help);
                }
                set_header(&mut headers, header, value);
            }
            Err((what, help)) => reader.variable_error(&name, what, help),
        }
    }
    for (header, value) in &options.headers {
        match check_header(header, value) {
            Ok(()) => set_header(&mut headers, header.clone(), value.clone()),
            Err((what, help)) => reader.error(option("header", what, help)),
        }
    }
    headers
}

fn set_header(headers: &mut Vec<(String, String)>, name: String, value: String) {
    let name = name.to_ascii_lowercase();
    headers.retain(|(known, _)| *known != name);
    headers.push((name, value));
}

/// Checks a header. Messages contain its name, never its value.
fn check_header(name: &str, value: &str) -> Result<(), (String, &'static str)> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err((
            format!(
                "contains `{}`, which is not a valid header name",
                printable(name)
            ),
            "use letters, digits and `-`, like `x-api-key`",
        ));
    }
    if name.to_ascii_lowercase().ends_with("-bin") {
        return Err((
            format!("has header `{name}`, whose value gRPC treats as binary"),
            "choose a name that does not end with `-bin`",
        ));
    }
    if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err((
            format!("has header `{name}` with a value that is not printable ASCII"),
            "remove line breaks and non-ASCII characters",
        ));
    }
    Ok(())
}
