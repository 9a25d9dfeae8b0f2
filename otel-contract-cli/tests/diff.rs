//! The `diff` command: formats, exit codes and git revisions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const OLD: &str = "contract: shop
version: 1.2.0
brief: Vocabulary of the shop.
include: [shared/account.yaml]
defaults: { privacy: internal }
errors:
  timeout: The gateway did not answer.
operations:
  order.create:
    brief: Create an order.
    attributes: { account.tier: required }
    metrics: { dimensions: [account.tier] }
";

const ACCOUNT: &str = "attributes:
  account.tier: { values: [free, pro], brief: Tier. }
  order.id: { type: string, cardinality: unbounded, brief: \"Order | <b>id</b>.\" }
";

/// A folder that is deleted after the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("otel-contract-diff-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join("shared")).expect("a folder");
        Self(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.0.join(path), text).expect("a file");
    }

    fn diff(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-otel-contract"))
            .current_dir(&self.0)
            .arg("diff")
            .args(args)
            .output()
            .expect("the command")
    }

    fn git(&self, args: &[&str]) {
        let status = Command::new("git")
            .current_dir(&self.0)
            .args([
                "-c",
                "user.name=Reviewer",
                "-c",
                "user.email=reviewer@acme.example",
            ])
            .args(args)
            .output()
            .expect("git");
        let stderr = String::from_utf8_lossy(&status.stderr).into_owned();
        assert!(status.status.success(), "git {args:?}: {stderr}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A leftover folder does not affect other tests.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A folder with `old.yaml` and an edited `new.yaml`.
fn edited(name: &str, version: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("old.yaml", OLD);
    folder.write("shared/account.yaml", ACCOUNT);
    let new = OLD
        .replace("1.2.0", version)
        .replace(
            "account.tier: required }",
            "account.tier: required, order.id: required }",
        )
        .replace("Create an order.", "Create one order.")
        .replace("errors:\n", "errors:\n  declined: The card was declined.\n");
    folder.write("new.yaml", &new);
    folder
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn all_formats_contain_the_same_changes() {
    let folder = edited("formats", "1.3.0");
    insta::with_settings!({ snapshot_path => "diff", prepend_module_to_snapshot => false }, {
        for format in ["human", "json", "markdown"] {
            let output = folder.diff(&["old.yaml", "new.yaml", "--format", format]);
            assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
            insta::assert_snapshot!(format, text(&output));
        }
    });
}

#[test]
fn the_guide_shows_the_output() {
    let folder = edited("guide", "1.3.0");
    let shown = text(&folder.diff(&["old.yaml", "new.yaml"]));
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/change.md");
    let guide = fs::read_to_string(guide).expect("the guide");
    assert!(guide.contains(&format!("```text\n{shown}```")), "{shown}");
}

#[test]
fn a_sufficient_version_exits_successfully() {
    for version in ["2.0.0", "2.0.0-rc.1", "3.1.4"] {
        let folder = edited(&format!("enough-{version}"), version);
        let output = folder.diff(&["old.yaml", "new.yaml"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        assert!(text(&output).contains(&format!("version {version} is sufficient")));
    }
}

#[test]
fn before_1_0_0_a_major_change_raises_the_second_number() {
    let folder = edited("zero", "0.3.0");
    folder.write("old.yaml", &OLD.replace("1.2.0", "0.2.7"));
    let output = folder.diff(&["old.yaml", "new.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    folder.write("old.yaml", &OLD.replace("1.2.0", "0.3.0"));
    let output = folder.diff(&["old.yaml", "new.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(
        text(&output).contains("so 0.4.0 is needed"),
        "{}",
        text(&output)
    );
}

#[test]
fn a_revision_is_read_with_its_includes() {
    let folder = Folder::new("revision");
    fs::create_dir_all(folder.0.join("schema/shared")).expect("a folder");
    folder.write("schema/shop.yaml", OLD);
    folder.write("schema/shared/account.yaml", ACCOUNT);
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "--quiet", "--message", "First"]);
    folder.git(&["tag", "v1.2.0"]);
    // Only the included file changes.
    folder.write(
        "schema/shared/account.yaml",
        &ACCOUNT.replace("[free, pro]", "[free, pro, team]"),
    );
    let output = folder.diff(&["--rev", "v1.2.0", "schema/shop.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(text(&output).contains("`account.tier` has the new value `team`"));
    assert!(
        text(&output).contains("order.create.duration  10 → 15"),
        "{}",
        text(&output)
    );

    // The file has moved, and the old path no longer exists.
    fs::rename(folder.0.join("schema"), folder.0.join("contract")).expect("to move");
    let output = folder.diff(&["--rev", "v1.2.0", "schema/shop.yaml", "contract/shop.yaml"]);
    assert!(
        text(&output).contains("`account.tier` has the new value `team`"),
        "{}",
        stderr(&output)
    );

    let output = folder.diff(&["--rev", "v9", "contract/shop.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("unknown revision `v9`"),
        "{}",
        stderr(&output)
    );
    let output = folder.diff(&["--rev", "v1.2.0", "contract/shop.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("`v1.2.0:contract/shop.yaml` has 1 error"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn removed_entries_are_shown_with_their_old_location() {
    let folder = Folder::new("gone");
    folder.write("shop.yaml", OLD);
    folder.write("shared/account.yaml", ACCOUNT);
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "--quiet", "--message", "First"]);
    let without = ACCOUNT.lines().take(2).collect::<Vec<_>>().join("\n");
    folder.write("shared/account.yaml", &without);
    let output = folder.diff(&["--rev", "HEAD", "shop.yaml"]);
    assert!(
        text(&output).contains("at shared/account.yaml:3:3 of HEAD"),
        "{}",
        text(&output)
    );
}

#[test]
#[cfg(unix)]
fn symbolic_links_are_followed() {
    let folder = Folder::new("link");
    folder.write("shared/real.yaml", OLD);
    folder.write("account.yaml", ACCOUNT);
    folder.write("shared/account.yaml", ACCOUNT);
    std::os::unix::fs::symlink("shared/real.yaml", folder.0.join("shop.yaml")).expect("a link");
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "--quiet", "--message", "First"]);
    let output = folder.diff(&["--rev", "HEAD", "shop.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(text(&output).contains("no changes"), "{}", text(&output));
}

#[test]
fn files_that_cannot_be_compared_are_reported() {
    let folder = edited("faulty", "1.3.0");
    folder.write(
        "faulty.yaml",
        "contract: shop\nversion: 1.2.0\nbreif: Words.\nbrief: Words.\n",
    );
    fs::write(folder.0.join("bytes.yaml"), [0xff, 0xfe, 0x00]).expect("a file");
    let cases: [(&[&str], &str); 7] = [
        (&["old.yaml"], "required"),
        (
            &["old.yaml", "nowhere.yaml"],
            "file `nowhere.yaml` not found",
        ),
        (&["shared", "new.yaml"], "`shared` is a folder"),
        (&["bytes.yaml", "new.yaml"], "is not valid UTF-8"),
        (&["faulty.yaml", "new.yaml"], "`breif`"),
        (&["--rev", "HEAD", "old.yaml"], "is not in a git repository"),
        (
            &["old.yaml", "new.yaml", "--format", "yaml"],
            "possible values",
        ),
    ];
    for (args, expected) in cases {
        let output = folder.diff(args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?}: {}",
            stderr(&output)
        );
        assert!(
            stderr(&output).contains(expected),
            "{args:?}: {}",
            stderr(&output)
        );
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn paths_cannot_leave_the_repository() {
    let folder = Folder::new("outside");
    folder.write(
        "shop.yaml",
        &OLD.replace("shared/account.yaml", "../../../etc/passwd"),
    );
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "--quiet", "--message", "First"]);
    let output = folder.diff(&["--rev", "HEAD", "shop.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("not found"), "{}", stderr(&output));
    assert!(
        Path::new("/etc/passwd").exists(),
        "the file exists, so it could have been read"
    );
}
