//! Files that cannot be checked in: missing files, folders, invalid UTF-8, too large or hostile files.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use otel_contract_model::{Compiled, Source};
use otel_contract_yaml::compile;

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(name);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Compiles a file with these bytes.
fn compiled(name: &str, bytes: &[u8]) -> Compiled {
    let folder = folder(name);
    fs::write(folder.join("contract.yaml"), bytes).expect("the contract");
    compile(&Source::file(folder, "contract.yaml"))
}

fn printed(compiled: &Compiled) -> String {
    assert!(compiled.contract.is_none());
    compiled.diagnostics.to_string()
}

#[test]
fn a_missing_file_is_reported_and_watched() {
    let folder = folder("missing");
    let compiled = compile(&Source::file(folder.clone(), "schema/none.yaml"));
    assert_eq!(
        printed(&compiled),
        "error[OC0001]: file `schema/none.yaml` not found\n \
         --> schema/none.yaml\n  \
         |\n  \
         = help: a path in `contract!` is relative to the crate, a path in `include` to the including file\n"
    );
    assert_eq!(compiled.files, [folder.join("schema/none.yaml")]);
}

#[test]
fn a_folder_is_rejected() {
    let parent = folder("folder");
    fs::create_dir_all(parent.join("schema")).expect("a folder");
    assert_eq!(
        printed(&compile(&Source::file(parent, "schema"))),
        "error[OC0002]: `schema` is a folder, not a contract file\n \
         --> schema\n  \
         |\n  \
         = help: name a file in the folder\n"
    );
}

#[test]
fn invalid_utf8_is_reported_with_its_line() {
    assert_eq!(
        printed(&compiled("latin1", b"contract: billing\nbrief: Caf\xe9\n")),
        "error[OC0003]: `contract.yaml` is not valid UTF-8: invalid bytes on line 2\n \
         --> contract.yaml\n  \
         |\n  \
         = help: save the file as UTF-8\n"
    );
}

#[test]
fn more_than_four_mebibytes_are_rejected() {
    let line = b"# a comment that is repeated until the file is too large for a contract\n";
    for size in [4 * 1024 * 1024 + 1, 10_000_000] {
        let bytes: Vec<u8> = line.iter().copied().cycle().take(size).collect();
        assert_eq!(
            printed(&compiled("large", &bytes)),
            "error[OC0004]: `contract.yaml` is larger than 4 MiB\n \
             --> contract.yaml\n  \
             |\n  \
             = help: split the contract into several files, and `include` them\n"
        );
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_endings_are_accepted() {
    let text = "\u{feff}contract: billing\r\nversion: 1.0.0\r\nbrief: 12\r\n";
    let compiled = compiled("windows", text.as_bytes());
    assert_eq!(
        compiled.diagnostics.to_string(),
        "error[OC0014]: expected a string, found an integer\n \
         --> contract.yaml:3:8\n  \
         |\n\
         3 | brief: 12\n  \
         |        ^^ expected a string\n  \
         |\n  \
         = help: put it in quotes\n"
    );
}

#[test]
fn an_alias_bomb_is_rejected_before_it_expands() {
    // The aliases expand to ten to the fortieth values.
    let levels = (1..40).map(|level| {
        let before = format!("*a{}", level - 1);
        format!(
            "a{level}: &a{level} [{}]\n",
            [before.as_str(); 10].join(", ")
        )
    });
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let bomb: String = std::iter::once(first).chain(levels).collect();
    let printed = printed(&compiled("bomb", bomb.as_bytes()));
    assert!(
        printed.starts_with("error[OC0011]: aliases expand to more than 100,000"),
        "{printed}"
    );
}

#[test]
fn many_small_alias_bombs_are_rejected() {
    let inner = "x, ".repeat(999);
    let aliases = "*a, ".repeat(200);
    let bomb = format!("a: &a [{inner} x]\nb: [{aliases} *a]\n");
    let printed = printed(&compiled("wide", bomb.as_bytes()));
    assert!(printed.starts_with("error[OC0011]"), "{printed}");
}

#[test]
fn large_files_of_garbage_are_reported() {
    let size = 4 * 1024 * 1024;
    for text in [
        "[", "{", "- ", "a: ", "\"", "? ", "&a ", "*a ", "!t ", "[],", "a,\n", "'\n", "|\n ",
    ] {
        let bytes: Vec<u8> = text.bytes().cycle().take(size / 16).collect();
        let compiled = compiled("hostile", &bytes);
        assert!(!compiled.diagnostics.is_empty(), "{text}");
        let printed = compiled.diagnostics.to_string();
        assert!(
            printed.lines().all(|line| line.chars().count() < 500),
            "{text}: a line too long"
        );
    }
}

#[test]
fn a_file_can_be_included_twice() {
    let folder = folder("diamond");
    fs::create_dir_all(folder.join("shared")).expect("a folder");
    let files = [
        (
            "contract.yaml",
            "contract: billing\nversion: 1.0.0\nbrief: Words.\n\
             include: [shared/left.yaml, shared/right.yaml]\n",
        ),
        ("shared/left.yaml", "include: [base.yaml]\n"),
        ("shared/right.yaml", "include: [../shared/base.yaml]\n"),
        (
            "shared/base.yaml",
            "errors: { refused: The gateway refused. }\n",
        ),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("a file");
    }
    let compiled = compile(&Source::file(folder.clone(), "contract.yaml"));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    assert_eq!(contract.errors[0].at.to_string(), "shared/base.yaml:1:11");
    let order = [
        "contract.yaml",
        "shared/left.yaml",
        "shared/base.yaml",
        "shared/right.yaml",
    ];
    assert_eq!(
        contract
            .files
            .iter()
            .map(|file| &**file)
            .collect::<Vec<_>>(),
        order
    );
    assert_eq!(compiled.files, order.map(|name| folder.join(name)));
}

#[test]
fn a_root_with_an_indirect_path_is_recognized_when_included() {
    let folder = folder("roundabout");
    let text = "contract: a\nversion: 1.0.0\nbrief: B.\ninclude: [a.yaml]\n";
    fs::write(folder.join("a.yaml"), text).expect("the contract");
    fs::create_dir_all(folder.join("sub")).expect("a folder");
    for path in ["./a.yaml", "sub/../a.yaml"] {
        let compiled = compile(&Source::file(folder.clone(), path));
        let codes: Vec<&str> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.id)
            .collect();
        assert_eq!(codes, ["OC0018"], "{path}");
    }
}

#[test]
fn a_text_replaces_a_file() {
    let folder = folder("instead");
    let root = "contract: a\nversion: 1.0.0\nbrief: B.\ninclude: [b.yaml]\n";
    fs::write(folder.join("a.yaml"), root).expect("the contract");
    fs::write(folder.join("b.yaml"), "nonsense: 1\n").expect("the included file");
    let source = Source::file(folder.clone(), "a.yaml");
    assert!(!compile(&source).diagnostics.is_empty());
    let better = (
        folder.join("b.yaml"),
        "errors: { lost: Gone. }\n".to_owned(),
    );
    let compiled = compile(&source.with_texts(Arc::new([better].into())));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let texts: Vec<&str> = compiled
        .sources
        .iter()
        .map(|source| source.text.as_str())
        .collect();
    assert_eq!(texts, [root, "errors: { lost: Gone. }\n"]);
}

#[test]
fn an_unambiguous_suggestion_fixes_the_error() {
    let replacement = |text: &str| {
        let text = format!("contract: a\nversion: 1.0.0\nbrief: B.\n{text}");
        let compiled = compile(&Source::text("", "a.yaml", text));
        assert_eq!(compiled.diagnostics.len(), 1, "{}", compiled.diagnostics);
        let found = compiled.diagnostics.into_iter().next();
        found
            .and_then(|diagnostic| diagnostic.replacement)
            .map(|replacement| (replacement.from, replacement.to))
    };
    let some = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
    let errors = "errors: { late: L., lane: L. }\noperations:\n  a.b: { brief: B., errors: ";
    assert_eq!(
        replacement("atributes: {}\n"),
        some("atributes", "attributes")
    );
    assert_eq!(
        replacement("operations: { a.b: { brief: B., kind: sever } }\n"),
        some("sever", "server")
    );
    // `late` and `lane` both differ from `lame` by one letter.
    assert_eq!(replacement(&format!("{errors}[late, lame] }}\n")), None);
    assert_eq!(replacement("nothing_like_it: {}\n"), None);
}
