//! The id of the container, from the control groups and the mounts of the process.

use super::files::Files;

/// Returns the id of the container of this process; `None` outside of containers, or if the kernel does not show the id.
pub(super) fn id(files: &Files) -> Option<String> {
    let groups = files.read("/proc/self/cgroup").unwrap_or_default();
    let of_group = |line: &str| of_control_group(line.splitn(3, ':').nth(2)?);
    groups.lines().find_map(of_group).or_else(|| {
        let mounts = files.read("/proc/self/mountinfo").unwrap_or_default();
        mounts.lines().find_map(of_mount)
    })
}

/// Returns the id in the path of a control group: `/docker/<id>`, `…/cri-containerd-<id>.scope`,
/// `/kubepods/…/<id>`. With nested containers, the last id is that of the innermost container.
fn of_control_group(path: &str) -> Option<String> {
    let segments = || path.split('/').rev();
    if let Some(id) = segments().find_map(of_segment) {
        return Some(id);
    }
    // Tasks of AWS Fargate: `/ecs/<task>/<task>-<number>`.
    let is_task_id = |segment: &str| {
        let (task, number) = segment.split_once('-')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_hex(task, 32) && is_number).then(|| segment.to_owned())
    };
    path.starts_with("/ecs/")
        .then(|| segments().find_map(is_task_id))?
}

/// Returns the id at the end of a segment: `<id>`, `docker-<id>.scope` or `…:cri-containerd:<id>`.
fn of_segment(segment: &str) -> Option<String> {
    let name = segment.strip_suffix(".scope").unwrap_or(segment);
    let id = name.rsplit(['-', ':']).next()?;
    // The monitor of podman runs outside of the container.
    let is_monitor = name.starts_with("libpod-conmon-") || name.starts_with("crio-conmon-");
    (is_hex(id, 64) && !is_monitor).then(|| id.to_owned())
}

/// Returns the id in a line of `mountinfo`. With version 2 of control groups, a process in a container usually sees its
/// own group as the root, and only its mounts show the id.
fn of_mount(line: &str) -> Option<String> {
    let (fields, kind) = line.split_once(" - ")?;
    let mut fields = fields.split(' ').skip(3);
    let (root, mounted_at) = (fields.next()?, fields.next()?);
    if kind.starts_with("cgroup") {
        return of_control_group(root);
    }
    let segments: Vec<&str> = root.split('/').collect();
    let id_after = |folder: &str| {
        let pair = segments.windows(2).find(|pair| pair[0] == folder)?;
        is_hex(pair[1], 64).then(|| pair[1].to_owned())
    };
    match mounted_at {
        // Docker: `/var/lib/docker/containers/<id>/hostname`. The sandboxes of containerd and CRI-O have such mounts, too,
        // but with the id of the pod's sandbox, so other folders are not accepted.
        "/etc/hostname" | "/etc/hosts" | "/etc/resolv.conf" => id_after("containers"),
        // Podman and CRI-O: `/…/overlay-containers/<id>/userdata/.containerenv`.
        "/run/.containerenv" => id_after("overlay-containers"),
        _ => None,
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
