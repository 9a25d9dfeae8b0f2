//! The README and the guides in `docs/`: their code is in sources that are compiled and tested, their messages match
//! the compiler's, and their links have targets.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_readme_is_short() {
    let lines = read(&root().join("README.md")).lines().count();
    assert!(lines <= 250, "the README has {lines} lines");
}

#[test]
fn code_is_in_sources_that_are_compiled_and_tested() {
    let sources = sources();
    let mut compared = 0;
    for guide in guides() {
        for block in blocks(&guide, &["rust", "yaml", "toml"]) {
            for part in parts(&block) {
                let found = sources.iter().any(|source| source.contains(&part));
                assert!(
                    found,
                    "{} has code that is in no source:\n{part}",
                    guide.display()
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 40, "only {compared} parts were compared");
}

#[test]
fn messages_match_the_pinned_messages() {
    let messages = messages();
    let mut compared = 0;
    for guide in guides() {
        let shown = blocks(&guide, &["text"]);
        for block in shown.iter().filter(|block| block.starts_with("error")) {
            let found = messages.iter().any(|message| message.trim_end() == block);
            assert!(
                found,
                "{} has a message that no test pins:\n{block}",
                guide.display()
            );
            compared += 1;
        }
    }
    assert!(compared >= 7, "only {compared} messages were compared");
}

#[test]
fn links_have_existing_targets() {
    let mut followed = 0;
    for guide in guides() {
        for link in links(&read(&guide)) {
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => guide.clone(),
                file => guide.parent().expect("a folder").join(file),
            };
            assert!(
                target.exists(),
                "{} links to `{link}`, which does not exist",
                guide.display()
            );
            if !anchor.is_empty() {
                let anchors = anchors(&read(&target));
                let known = anchors.iter().any(|known| known == anchor);
                assert!(
                    known,
                    "{} links to `{link}`, but the anchors are {anchors:?}",
                    guide.display()
                );
            }
            followed += 1;
        }
    }
    assert!(followed >= 20, "only {followed} links were followed");
}

#[test]
fn environment_variables_are_those_of_the_set_up() {
    let guide = read(&root().join("docs/environment.md"));
    let setup = read(&root().join("otel-contract-runtime/src/setup/mod.rs"));
    let documentation = setup.lines().filter_map(|line| line.strip_prefix("//! "));
    let (mut rows, mut is_listed) = (0, false);
    for line in documentation {
        if let Some(title) = line.strip_prefix("# ") {
            is_listed = ["Variables", "Warnings", "Sampling"].contains(&title);
        }
        // Links differ.
        if is_listed && line.starts_with("| ") && !line.contains("](") {
            assert!(guide.contains(line), "docs/environment.md lacks\n{line}");
            rows += 1;
        }
    }
    assert!(rows > 30, "only {rows} rows were compared");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The README and every page of `docs/`.
fn guides() -> Vec<PathBuf> {
    let mut guides = files(&root().join("docs"), "md");
    guides.push(root().join("README.md"));
    guides
}

/// All files of a folder and its subfolders with this extension.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found
}

/// Texts of the examples, of the macro cases that must compile, of the crate that `init` creates with a service that uses
/// it, and of the documentation of set-up without hidden lines.
fn sources() -> Vec<String> {
    let examples = root().join("examples");
    let edges = root().join("tests/edges");
    let cases = root().join("tests/ui/instrumented_operation/pass");
    let mut sources = Vec::new();
    for extension in ["rs", "yaml", "toml"] {
        for folder in [&examples, &edges] {
            sources.extend(files(folder, extension).iter().map(|file| read(file)));
        }
    }
    sources.extend(files(&cases, "rs").iter().map(|file| read(file)));
    let clients = root().join("tests/clients/tests");
    sources.extend(files(&clients, "rs").iter().map(|file| read(file)));
    let created = [
        "src/init/contract.yaml",
        "tests/cli/init_service.rs",
        "tests/cli/init_service.toml",
    ];
    let created = created.map(|file| read(&root().join("otel-contract-cli").join(file)));
    sources.extend(created);
    let setup = read(&root().join("otel-contract-runtime/src/setup/mod.rs"));
    let documentation = setup.lines().filter_map(|line| line.strip_prefix("//! "));
    let shown: Vec<&str> = documentation
        .filter(|line| !line.starts_with("# "))
        .collect();
    sources.push(shown.join("\n"));
    sources
}

/// Pinned messages about Rust code and about contract files.
fn messages() -> Vec<String> {
    let folders =
        ["tests/ui", "otel-contract-model/tests/faults"].map(|folder| root().join(folder));
    let pinned = folders.iter().flat_map(|folder| files(folder, "stderr"));
    pinned.map(|file| read(&file)).collect()
}

/// Code blocks of a page in one of these languages.
fn blocks(page: &Path, languages: &[&str]) -> Vec<String> {
    let text = read(page);
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language, Vec::new())),
            (Some((language, lines)), Some("")) => {
                if languages.contains(language) {
                    blocks.push(lines.join("\n"));
                }
                open = None;
            }
            (Some((_, lines)), _) => lines.push(line),
            (None, None) => {}
        }
    }
    assert!(
        open.is_none(),
        "{} does not close a code block",
        page.display()
    );
    blocks
}

/// Parts of a code block between the lines `# …` and `// …`, which replace omitted code.
fn parts(block: &str) -> Vec<String> {
    let lines: Vec<&str> = block.lines().collect();
    let parts = lines.split(|line| matches!(line.trim(), "# …" | "// …"));
    let parts = parts.map(|part| part.join("\n").trim_matches('\n').to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// Targets of the links of a page.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// Anchors of the headings of a page.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchors = headings.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let letters = title
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        letters.collect::<String>().replace(' ', "-")
    });
    anchors.collect()
}
