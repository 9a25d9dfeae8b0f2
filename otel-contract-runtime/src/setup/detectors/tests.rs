use super::*;
use opentelemetry::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

const ID: &str = "3f4a1b2c5d6e7f8091a2b3c4d5e6f70819a2b3c4d5e6f70819a2b3c4d5e6f708";
const OTHER_ID: &str = "00001b2c5d6e7f8091a2b3c4d5e6f70819a2b3c4d5e6f70819a2b3c4d5e6f708";

/// A folder with the files of a system, which is removed at the end.
struct System(PathBuf);

impl System {
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("otel-contract-detectors-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&root).expect("a folder");
        for (path, text) in files {
            let path = root.join(path.trim_start_matches('/'));
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        Self(root)
    }

    fn files(&self) -> Files {
        Files::below(&self.0)
    }
}

impl Drop for System {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns the attributes that these detectors find among these files and variables.
fn detected(
    detectors: &[Detector],
    files: &[(&str, &str)],
    variables: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let system = System::new(files);
    let environment: Environment = variables.iter().copied().collect();
    let all = detect_in(&system.files(), detectors, &environment);
    let count = all.len();
    let all: BTreeMap<_, _> = all
        .into_iter()
        .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
        .collect();
    assert_eq!(all.len(), count, "each key once");
    all
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn arch() -> &'static str {
    host::architecture(std::env::consts::ARCH)
}

#[test]
fn the_host_has_a_name_an_architecture_and_an_id() {
    let found = detected(
        &[Detector::Host],
        &[
            ("/proc/sys/kernel/hostname", "web-1\n"),
            ("/etc/hostname", "other\n"),
            ("/etc/machine-id", "fdbf79e8af94cb7f9e8df36789187052\n"),
            (
                "/var/lib/dbus/machine-id",
                "00000000000000000000000000000000\n",
            ),
        ],
        &[("HOSTNAME", "of the shell")],
    );
    assert_eq!(
        found,
        pairs(&[
            ("host.arch", arch()),
            ("host.id", "fdbf79e8af94cb7f9e8df36789187052"),
            ("host.name", "web-1"),
        ])
    );
    // Without these files.
    let found = detected(&[Detector::Host], &[], &[("COMPUTERNAME", "WEB-2")]);
    assert_eq!(
        found,
        pairs(&[("host.arch", arch()), ("host.name", "WEB-2")])
    );
    for (arch, expected) in [
        ("x86_64", "amd64"),
        ("x86", "x86"),
        ("aarch64", "arm64"),
        ("arm", "arm32"),
        ("powerpc64", "ppc64"),
        ("s390x", "s390x"),
        ("riscv64", "riscv64"),
    ] {
        assert_eq!(host::architecture(arch), expected);
    }
}

/// The file of a container is that of its image, which all its replicas share.
#[test]
fn a_host_in_a_container_has_no_id() {
    let id = ("/etc/machine-id", "fdbf79e8af94cb7f9e8df36789187052");
    let group = format!("0::/docker/{ID}");
    let without_id = pairs(&[("host.arch", arch())]);
    for marker in [
        ("/proc/self/cgroup", &*group),
        ("/.dockerenv", ""),
        ("/run/.containerenv", ""),
    ] {
        let found = detected(&[Detector::Host], &[id, marker], &[]);
        assert_eq!(found, without_id, "{marker:?}");
    }
    let in_pod = [("KUBERNETES_SERVICE_HOST", "10.0.0.1")];
    assert_eq!(detected(&[Detector::Host], &[id], &in_pod), without_id);
    let first_boot = [("/etc/machine-id", "uninitialized\n")];
    assert_eq!(detected(&[Detector::Host], &first_boot, &[]), without_id);
}

#[test]
fn the_operating_system_is_described_by_its_release() {
    let release = "# a comment\nPRETTY_NAME=\"Debian GNU/Linux 12 (\\\"bookworm\\\")\"\nNAME='Debian'\nVERSION=\"12 (bookworm)\"\n\
                   VERSION_ID=11\nVERSION_ID=12\nID=debian\n";
    let os_type = os::os_type(std::env::consts::OS);
    for path in ["/etc/os-release", "/usr/lib/os-release"] {
        assert_eq!(
            detected(&[Detector::Os], &[(path, release)], &[]),
            pairs(&[
                ("os.description", "Debian GNU/Linux 12 (\"bookworm\")"),
                ("os.name", "Debian"),
                ("os.type", os_type),
                ("os.version", "12"),
            ])
        );
    }
    let empty = [("/etc/os-release", "NAME=\nPRETTY_NAME\nVERSION_ID=\"\"\n")];
    assert_eq!(
        detected(&[Detector::Os], &empty, &[]),
        pairs(&[("os.type", os_type)])
    );
    for (os, expected) in [
        ("linux", "linux"),
        ("macos", "darwin"),
        ("windows", "windows"),
        ("freebsd", "freebsd"),
        ("dragonfly", "dragonflybsd"),
    ] {
        assert_eq!(os::os_type(os), expected);
    }
}

#[test]
fn the_process_has_an_id_and_the_name_of_its_executable() {
    let system = System::new(&[]);
    let all = detect_in(
        &system.files(),
        &[Detector::Process],
        &Environment::default(),
    );
    let executable = std::env::current_exe().expect("this program");
    let name = executable.file_name().and_then(|name| name.to_str());
    let expected = [
        ("process.pid", Value::I64(std::process::id().into())),
        (
            "process.executable.name",
            Value::from(name.expect("UTF-8").to_owned()),
        ),
    ];
    let all: Vec<_> = all
        .iter()
        .map(|attribute| (attribute.key.as_str(), attribute.value.clone()))
        .collect();
    // Neither the path nor the arguments, which may contain a user name or a secret.
    assert_eq!(all, expected);
}

#[test]
fn the_id_of_a_container_is_in_its_control_group() {
    for (line, expected) in [
        (format!("0::/docker/{ID}"), Some(ID)),
        (format!("12:pids:/docker/{ID}"), Some(ID)),
        (format!("1:name=systemd:/docker/{ID}/init.scope"), Some(ID)),
        (format!("0::/system.slice/docker-{ID}.scope"), Some(ID)),
        (format!("0::/machine.slice/libpod-{ID}.scope/container"), Some(ID)),
        (
            format!("11:memory:/kubepods/burstable/pod7c8d4b3e-1111-2222-3333-444455556666/{ID}"),
            Some(ID),
        ),
        (
            format!("0::/kubepods.slice/kubepods-pod7c8d4b3e.slice/cri-containerd-{ID}.scope"),
            Some(ID),
        ),
        (
            format!("0::/kubepods.slice/kubepods-pod7c8d4b3e.slice/crio-{ID}.scope"),
            Some(ID),
        ),
        (
            format!("3:cpu:/system.slice/containerd.service/kubepods-pod7c.slice:cri-containerd:{ID}"),
            Some(ID),
        ),
        // The inner container of nested containers.
        (format!("0::/docker/{OTHER_ID}/docker/{ID}"), Some(ID)),
        (format!("9:perf_event:/ecs/55091c13-b8cf-4801-b527-f4601742204d/{ID}"), Some(ID)),
        (
            "1:cpu:/ecs/447438d0540d4ed9a3f5a4dd5d8b2f4a/447438d0540d4ed9a3f5a4dd5d8b2f4a-3012406563".to_owned(),
            Some("447438d0540d4ed9a3f5a4dd5d8b2f4a-3012406563"),
        ),
        // Processes outside of containers.
        ("0::/".to_owned(), None),
        ("0::/user.slice/user-1000.slice/session-3.scope".to_owned(), None),
        (format!("0::/machine.slice/libpod-conmon-{ID}.scope"), None),
        (format!("0::/docker/{}", &ID[1..]), None),
        (format!("0::/docker/g{}", &ID[1..]), None),
        ("1:cpu:/x/447438d0540d4ed9a3f5a4dd5d8b2f4a-3012406563".to_owned(), None),
        ("nonsense".to_owned(), None),
        (String::new(), None),
    ] {
        let text = format!("13:cpuset:/\n{line}\n");
        let system = System::new(&[("/proc/self/cgroup", &text)]);
        assert_eq!(container::id(&system.files()).as_deref(), expected, "{line}");
    }
}

#[test]
fn the_id_of_a_container_is_in_its_mounts() {
    let mount = |root: &str, at: &str, kind: &str| {
        format!("1370 1353 254:1 {root} {at} rw,relatime - {kind} /dev/vda1 rw,discard")
    };
    for (line, expected) in [
        (
            mount(
                &format!("/var/lib/docker/containers/{ID}/hostname"),
                "/etc/hostname",
                "ext4",
            ),
            Some(ID),
        ),
        (
            mount(
                &format!("/containers/{ID}/resolv.conf"),
                "/etc/resolv.conf",
                "ext4",
            ),
            Some(ID),
        ),
        (
            mount(
                &format!("/containers/overlay-containers/{ID}/userdata/.containerenv"),
                "/run/.containerenv",
                "tmpfs",
            ),
            Some(ID),
        ),
        (
            mount(&format!("/docker/{ID}"), "/sys/fs/cgroup/pids", "cgroup"),
            Some(ID),
        ),
        (
            mount(
                &format!("/system.slice/docker-{ID}.scope"),
                "/sys/fs/cgroup",
                "cgroup2",
            ),
            Some(ID),
        ),
        // The id of the sandbox of a pod, which its containers share.
        (
            mount(
                &format!("/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/{ID}/hostname"),
                "/etc/hostname",
                "ext4",
            ),
            None,
        ),
        (
            mount(
                &format!("/containers/storage/overlay-containers/{ID}/userdata/hostname"),
                "/etc/hostname",
                "tmpfs",
            ),
            None,
        ),
        // Containers that a process outside of them sees.
        (
            mount(
                "/",
                &format!("/var/lib/docker/containers/{ID}/mounts/shm"),
                "tmpfs",
            ),
            None,
        ),
        (mount("/", "/etc/hostname", "ext4"), None),
        ("nonsense - ext4".to_owned(), None),
        ("1 2 3".to_owned(), None),
    ] {
        let mounts = format!("22 27 0:21 / /proc rw,relatime - proc proc rw\n{line}\n");
        let files = [
            ("/proc/self/cgroup", "0::/\n"),
            ("/proc/self/mountinfo", &mounts),
        ];
        let found = detected(&[Detector::Container], &files, &[]);
        let expected: Vec<_> = expected.iter().map(|id| ("container.id", *id)).collect();
        assert_eq!(found, pairs(&expected), "{line}");
    }
}

#[test]
fn the_pod_is_described_by_its_variables() {
    let in_pod = ("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    let names = [
        ("POD_NAME", "pod-1"),
        ("POD_UID", "7c8d4b3e"),
        ("POD_NAMESPACE", "shop"),
        ("NODE_NAME", "node-1"),
        ("CONTAINER_NAME", "api"),
    ];
    let kubernetes = |variables: &[(&str, &str)]| detected(&[Detector::Kubernetes], &[], variables);
    let mut variables = names.to_vec();
    variables.push(in_pod);
    let mut expected = pairs(&[
        ("k8s.pod.name", "pod-1"),
        ("k8s.pod.uid", "7c8d4b3e"),
        ("k8s.namespace.name", "shop"),
        ("k8s.node.name", "node-1"),
        ("k8s.container.name", "api"),
    ]);
    assert_eq!(kubernetes(&variables), expected);
    variables.extend([
        ("K8S_POD_NAME", "pod-2"),
        ("K8S_NAMESPACE_NAME", " "),
        ("K8S_DEPLOYMENT_NAME", "api"),
        ("K8S_CLUSTER_NAME", "eu"),
    ]);
    expected.extend(pairs(&[
        ("k8s.pod.name", "pod-2"),
        ("k8s.deployment.name", "api"),
        ("k8s.cluster.name", "eu"),
    ]));
    assert_eq!(kubernetes(&variables), expected);
    // Elsewhere, the variables may have other meanings.
    assert_eq!(kubernetes(&names), pairs(&[]));
    assert_eq!(kubernetes(&[in_pod]), pairs(&[]));
}

#[test]
fn the_variable_selects_detectors() {
    use Detector::{Container, Host, Kubernetes, Os, Process};
    for (written, expected, warnings) in [
        ("", None, &[][..]),
        ("none", Some(vec![]), &[]),
        ("otel", Some(vec![]), &[]),
        ("all", Some(Detector::ALL.to_vec()), &[]),
        ("*,host", Some(Detector::ALL.to_vec()), &[]),
        ("env,Host, os ,,host", Some(vec![Host, Os]), &[]),
        (
            "kubernetes,container,process",
            Some(vec![Kubernetes, Container, Process]),
            &[],
        ),
        (
            "host,aws_ecs",
            Some(vec![Host]),
            &["lists the unknown detector `aws_ecs`; the others are used"],
        ),
        (
            "nonee",
            None,
            &["lists the unknown detector `nonee`; all detectors are used"],
        ),
    ] {
        let name = "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS";
        let environment: Environment = [(name, written)].into_iter().collect();
        let mut reader = Reader::new(&environment);
        assert_eq!(read_detectors(&mut reader), expected, "{written}");
        let shown: Vec<String> = reader
            .warnings
            .iter()
            .map(|warning| format!("{}; {}", warning.what(), warning.effect()))
            .collect();
        let warnings = warnings.iter().map(|warning| format!("`{name}` {warning}"));
        assert_eq!(shown, warnings.collect::<Vec<_>>(), "{written}");
        if let Some(warning) = reader.warnings.first() {
            let help = "use `host`, `os`, `process`, `container`, `kubernetes`, `all` or `none`";
            assert_eq!(warning.help(), help);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_system_of_this_test_is_detected() {
    let environment = Environment::default();
    let found: BTreeMap<String, String> = detect(&Detector::ALL, &environment)
        .into_iter()
        .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
        .collect();
    assert_eq!(found["os.type"], "linux");
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a host name");
    assert_eq!(found["host.name"], name.trim());
    assert_eq!(found["process.pid"], std::process::id().to_string());
}
