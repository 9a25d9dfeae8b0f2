//! Every command that the README and the guides in `docs/` show is run, or listed in `ELSEWHERE` with its reason.
//!
//! The commands of the README run in a copy of the repository, as after a clone. The `cargo otel-contract` commands of
//! the guides run in the workspace of a service that has the command line installed.

mod elsewhere;

use elsewhere::{ELSEWHERE, Reason};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[test]
fn every_command_is_run_or_listed_with_a_reason() {
    let stages = Stages::new();
    let mut listed = BTreeSet::new();
    let mut failed = Vec::new();
    let mut run = 0;
    for page in pages() {
        let text = read(&page);
        stages.create_service();
        for command in commands(&text) {
            let name = page.file_name().expect("a page").to_string_lossy();
            if let Some((entry, _)) = ELSEWHERE.iter().find(|(known, _)| *known == command) {
                listed.insert(*entry);
                continue;
            }
            let output = stages.run(&name, &command);
            if output.status.code() != Some(expected_code(&command)) {
                failed.push(format!(
                    "{name} shows `{command}`, which fails. Correct it, or list it in `ELSEWHERE`.\n{}{}",
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr),
                ));
            }
            run += 1;
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(run >= 12, "only {run} commands were run");
    for (command, _) in ELSEWHERE {
        assert!(
            listed.contains(command),
            "no page shows `{command}`: remove it from `ELSEWHERE`"
        );
    }
}

#[test]
fn listed_commands_are_run_where_the_list_says() {
    for (command, reason) in ELSEWHERE {
        match reason {
            Reason::RunBy(file, shown) => {
                let text = read(&root().join(file));
                assert!(text.contains(shown), "{file} does not run `{command}`");
            }
            Reason::Because(reason) => assert!(!reason.is_empty(), "{command}"),
        }
    }
}

#[test]
fn commands_of_blocks_and_of_inline_code_are_found() {
    let page = "Run `cargo a`.\n```sh\ncargo b --c   # why\ncargo d \\\n  -e\n```\n| `cargo f` | `g` |\n\
                ```console\n$ cargo h\nprinted\n```\n```rust\n// cargo i\n```\n";
    assert_eq!(
        commands(page),
        ["cargo a", "cargo b --c", "cargo d -e", "cargo f", "cargo h"]
    );
}

/// Returns the exit code that a command must have.
fn expected_code(command: &str) -> i32 {
    match command {
        // The service contains telemetry that bypasses its contract, as every service before a migration.
        "cargo otel-contract scan" => 1,
        _ => 0,
    }
}

/// Returns the commands of a page in order: lines of shell blocks, and inline code that begins with `cargo` or `.ci/`.
fn commands(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<&str> = None;
    let mut continued = String::new();
    for line in page.lines() {
        let trimmed = line.trim();
        if let Some(language) = trimmed.strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(language),
            };
            continue;
        }
        match block {
            None => {
                let spans = line.split('`').skip(1).step_by(2);
                let shown =
                    spans.filter(|code| code.starts_with("cargo ") || code.starts_with(".ci/"));
                found.extend(shown.map(str::to_owned));
            }
            Some("sh" | "shell" | "bash" | "console") => {
                // In a console, lines without a prompt are output.
                let command = match (block, trimmed.strip_prefix("$ ")) {
                    (_, Some(command)) => command,
                    (Some("console"), None) => continue,
                    (_, None) => trimmed,
                };
                let command = command.split(" #").next().unwrap_or_default().trim();
                if let Some(first) = command.strip_suffix('\\') {
                    continued.push_str(first);
                } else if !command.is_empty() && !command.starts_with('#') {
                    found.push(std::mem::take(&mut continued) + command);
                }
            }
            // Steps of a workflow.
            Some("yml") => {
                let run = trimmed.strip_prefix("- run: ");
                found.extend(run.map(str::to_owned));
            }
            Some(_) => {}
        }
    }
    found
}

/// The folders in which commands run.
struct Stages {
    /// A copy of the repository.
    clone: PathBuf,
    /// The workspace of a service.
    service: PathBuf,
    /// The folder of the command line, for the `PATH` of the service.
    installed: PathBuf,
}

impl Stages {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands");
        let clone = folder.join("clone");
        copy_repository(&clone);
        let stages = Stages {
            clone,
            // Outside of the repository, whose alias would hide the installed command line.
            service: std::env::temp_dir().join(format!("commands-{}", std::process::id())),
            installed: folder.join("bin"),
        };
        // `cargo run` of the alias builds the command line once.
        stages.succeed(&stages.clone, "cargo otel-contract --version");
        fs::create_dir_all(&stages.installed).expect("a folder");
        let name = format!("cargo-otel-contract{}", std::env::consts::EXE_SUFFIX);
        let built = target().join("debug").join(&name);
        fs::copy(built, stages.installed.join(&name)).expect("the command line");
        stages
    }

    /// Creates a workspace with everything that the commands of a guide name. Each guide starts with a new workspace.
    fn create_service(&self) {
        let service = &self.service;
        if service.exists() {
            fs::remove_dir_all(service).expect("the workspace of the previous guide");
        }
        fs::create_dir_all(service.join("schema")).expect("a folder");
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = []\n";
        fs::write(service.join("Cargo.toml"), manifest).expect("a manifest");
        let contract = read(&root().join("otel-contract-cli/src/init/contract.yaml"));
        let contract = contract.replace("NAME", "shop");
        fs::write(service.join("schema/shop.yaml"), contract).expect("a contract");
        // What a test run writes, here without any entry.
        let coverage = "otel-contract coverage 1\ncontract shop 0.1.0\nend\n";
        fs::create_dir_all(service.join("target/otel-coverage")).expect("a folder");
        let file = service.join("target/otel-coverage/shop.otel-coverage");
        fs::write(file, coverage).expect("a coverage file");
        let code = read(&root().join("examples/booking/src/before.rs"));
        fs::create_dir_all(service.join("src")).expect("a folder");
        fs::write(service.join("src/main.rs"), code).expect("the code of a service");
        for command in [
            "git init --quiet",
            "git add --all",
            "git -c user.name=a -c user.email=a@localhost commit --quiet --message 'Version 1.2.0'",
            "git tag v1.2.0",
            "cargo otel-contract export weaver schema/shop.yaml -o registry",
        ] {
            self.succeed(service, command);
        }
    }

    /// Runs a command where its page expects it.
    fn run(&self, page: &str, command: &str) -> Output {
        let of_the_repository = page == "README.md" || !command.starts_with("cargo otel-contract");
        let folder = if of_the_repository {
            &self.clone
        } else {
            &self.service
        };
        self.execute(folder, command)
    }

    fn execute(&self, folder: &Path, command: &str) -> Output {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let installed = (folder == self.service).then(|| self.installed.clone());
        let path = installed.into_iter().chain(std::env::split_paths(&path));
        Command::new("sh")
            .args(["-c", command])
            .current_dir(folder)
            .env("PATH", std::env::join_paths(path).expect("a path"))
            // A variable of the workflow in `docs/review.md`.
            .env("GITHUB_STEP_SUMMARY", self.service.join("summary.md"))
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("a shell")
    }

    fn succeed(&self, folder: &Path, command: &str) {
        let output = self.execute(folder, command);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}:\n{errors}");
    }
}

impl Drop for Stages {
    fn drop(&mut self) {
        // A folder that cannot be removed is no failure of the test.
        let _ = fs::remove_dir_all(&self.service);
    }
}

/// Copies the files of the repository that git knows or would add. Unchanged files keep their times, so that they are
/// not compiled again. Files of earlier commands are removed.
fn copy_repository(clone: &Path) {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git");
    assert!(listed.status.success(), "git cannot list the files");
    let listed = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    let mut expected = BTreeSet::new();
    for file in listed.split('\0').filter(|file| !file.is_empty()) {
        let Ok(content) = fs::read(root().join(file)) else {
            // Deleted, but not committed.
            continue;
        };
        let copy = clone.join(file);
        if fs::read(&copy).ok().as_deref() != Some(&content) {
            fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
            fs::copy(root().join(file), &copy).expect("a copy");
        }
        expected.insert(copy);
    }
    remove_others(clone, &expected);
}

fn remove_others(folder: &Path, expected: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            remove_others(&path, expected);
            // Fails if the folder is not empty.
            let _ = fs::remove_dir(&path);
        } else if !expected.contains(&path) {
            fs::remove_file(&path).expect("a removed file");
        }
    }
}

/// The README and every page of `docs/`.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("docs")).expect("the guides");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages.insert(0, root().join("README.md"));
    pages
}

/// The target directory of the commands, which is that of the projects of all tests. The directory of the test itself will not do: the crates of a copy of the workspace
/// have the same file names there as the crates of the workspace.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects-target")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
