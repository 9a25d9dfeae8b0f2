//! Paths for messages: relative to the current directory, with `/`.

use std::path::{Component, Path, PathBuf};

/// Returns a path with `/` as separator.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// Returns a path without `.` components.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let parts = path.components();
    let tidy: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
    if tidy.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        tidy
    }
}

/// Removes `.` and `..` from an absolute path.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// Returns the relative path from a folder to `path`. Both must be absolute and free of `..`.
pub(crate) fn relative(path: &Path, from: &Path) -> PathBuf {
    let (mut to, mut from) = (path.components().peekable(), from.components().peekable());
    while to.peek().is_some() && to.peek() == from.peek() {
        to.next();
        from.next();
    }
    let up = from.map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to).collect();
    tidy(&way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_go_up_and_down() {
        let way = |to: &str, from: &str| shown(&relative(Path::new(to), Path::new(from)));
        assert_eq!(way("/a/b/c.yaml", "/a"), "b/c.yaml");
        assert_eq!(way("/a/x/c.yaml", "/a/b/d"), "../../x/c.yaml");
        assert_eq!(way("/a", "/a"), ".");
        assert_eq!(shown(&normal(Path::new("/a/b/../c"))), "/a/c");
        assert_eq!(shown(&tidy(Path::new("./a/./b.yaml"))), "a/b.yaml");
    }
}
