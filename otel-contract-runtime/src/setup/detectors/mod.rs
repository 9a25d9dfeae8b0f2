//! Resource attributes that a set-up detects: host, operating system, process, container and Kubernetes.
//!
//! Detection reads files of `/proc` and `/etc` and never fails: an attribute that cannot be detected is left out.

mod container;
mod files;
mod host;
mod kubernetes;
mod os;

use super::environment::{Environment, Reader};
use super::printable::printable;
use files::Files;
use opentelemetry::KeyValue;

/// A part of the resource that a set-up detects, in addition to the attributes of the contract.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use billing::setup::Detector;
///
/// # fn set_up(telemetry: billing::setup::Setup) -> billing::setup::Setup {
/// // The host and the container, but not the process.
/// telemetry.detectors([Detector::Host, Detector::Container])
/// # }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detector {
    /// `host.name` and `host.arch`. On Linux, if the process does not run in a container, also `host.id`, which is the
    /// content of `/etc/machine-id`.
    Host,
    /// `os.type`. On Linux also `os.description`, `os.name` and `os.version`, from `/etc/os-release`.
    Os,
    /// `process.pid` and `process.executable.name`. Command-line arguments are never read, because they may contain
    /// secrets.
    Process,
    /// `container.id`, from the control groups and the mounts of the process (Linux).
    Container,
    /// `k8s.pod.name`, `k8s.pod.uid`, `k8s.namespace.name`, `k8s.node.name`, `k8s.container.name`, `k8s.deployment.name`
    /// and `k8s.cluster.name`, from variables that the pod sets, usually with the downward API. The variable of
    /// `k8s.pod.name` is `K8S_POD_NAME`, and so on. If it is not set, `POD_NAME`, `POD_UID`, `POD_NAMESPACE`, `NODE_NAME`
    /// and `CONTAINER_NAME` are read. Outside of Kubernetes, none of them is read.
    Kubernetes,
}

impl Detector {
    /// All detectors. A set-up uses them by default.
    pub const ALL: [Self; 5] = [
        Self::Host,
        Self::Os,
        Self::Process,
        Self::Container,
        Self::Kubernetes,
    ];

    /// Returns the name in `OTEL_EXPERIMENTAL_RESOURCE_DETECTORS`.
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Os => "os",
            Self::Process => "process",
            Self::Container => "container",
            Self::Kubernetes => "kubernetes",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|detector| detector.name().eq_ignore_ascii_case(name))
    }
}

/// Reads the detectors of the variable; `None` if the variable is not set, or lists no known name.
pub(super) fn read_detectors(reader: &mut Reader<'_>) -> Option<Vec<Detector>> {
    let name = "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS";
    let written = reader.text(name)?;
    let (mut selected, mut unknown, mut has_known_name) = (Vec::new(), Vec::new(), false);
    for word in written.split(',').map(str::trim) {
        let named = match word.to_ascii_lowercase().as_str() {
            "" => continue,
            "all" | "*" => &Detector::ALL[..],
            // Names of other SDKs for attributes that every resource has: of the variables, of the SDK and of the service.
            "none" | "env" | "otel" | "service" => &[],
            _ => match Detector::named(word) {
                Some(detector) => &[detector],
                None => {
                    unknown.push(format!("lists the unknown detector `{}`", printable(word)));
                    continue;
                }
            },
        };
        has_known_name = true;
        for detector in named {
            if !selected.contains(detector) {
                selected.push(*detector);
            }
        }
    }
    let effect = if has_known_name {
        "the others are used"
    } else {
        "all detectors are used"
    };
    let names = Detector::ALL.map(|detector| format!("`{}`", detector.name()));
    let help = format!("use {}, `all` or `none`", names.join(", "));
    for what in unknown {
        reader.variable_warning(name, what, effect, help.clone());
    }
    has_known_name.then_some(selected)
}

/// Returns the attributes that these detectors find.
pub(super) fn detect(detectors: &[Detector], environment: &Environment) -> Vec<KeyValue> {
    detect_in(&Files::of_system(), detectors, environment)
}

fn detect_in(files: &Files, detectors: &[Detector], environment: &Environment) -> Vec<KeyValue> {
    let container = container::id(files);
    let is_in_container = || {
        let has_marker = ["/.dockerenv", "/run/.containerenv"]
            .iter()
            .any(|marker| files.exists(marker));
        container.is_some() || has_marker || kubernetes::is_present(environment)
    };
    let mut detected = Vec::new();
    for detector in detectors {
        match detector {
            Detector::Host => {
                detected.extend(host::detect(files, environment, is_in_container()));
            }
            Detector::Os => detected.extend(os::detect(files)),
            Detector::Process => detected.extend(process()),
            Detector::Container => {
                let id = container.clone();
                detected.extend(id.map(|id| KeyValue::new("container.id", id)));
            }
            Detector::Kubernetes => detected.extend(kubernetes::detect(environment)),
        }
    }
    detected
}

fn process() -> impl Iterator<Item = KeyValue> {
    let executable = std::env::current_exe().ok();
    let name = executable
        .as_deref()
        .and_then(|path| path.file_name()?.to_str())
        .map(|name| KeyValue::new("process.executable.name", name.to_owned()));
    let id = KeyValue::new("process.pid", i64::from(std::process::id()));
    [id].into_iter().chain(name)
}

#[cfg(test)]
mod tests;
