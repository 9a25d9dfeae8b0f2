//! Checks what an editor offers within `#[instrumented_operation]`, by requests to rust-analyzer.

use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Source of a service that uses the vocabulary of the example.
const SOURCE: &str = "\
use acme_telemetry::billing::{self, instrumented_operation};

#[instrumented_operation(
    billing::InvoiceSave,
    invoice.id = id,
)]
pub fn save(id: &str) -> usize {
    id.len()
}
";

/// Texts in `SOURCE` whose positions are requested: the path of the operation, and an argument.
const OPERATION: &str = "billing::InvoiceSave";
const KEY: &str = "invoice.id = id";

/// Prints each answer. Returns whether rust-analyzer gave what is expected.
pub(crate) fn check(root: &Path) -> bool {
    match run(root) {
        Ok(failed) => failed == 0,
        Err(error) => {
            eprintln!("error: {error}");
            false
        }
    }
}

/// Returns the number of answers that lack something.
fn run(root: &Path) -> Result<usize, Box<dyn Error>> {
    let added = Command::new("rustup")
        .args(["component", "add", "rust-analyzer"])
        .current_dir(root)
        .status()?;
    if !added.success() {
        return Err("rustup could not add the component `rust-analyzer`".into());
    }
    let folder = root.join("target/editor");
    fs::create_dir_all(folder.join("src"))?;
    let vocabulary = root.join("examples/billing/telemetry");
    let vocabulary = vocabulary.display();
    let manifest = format!(
        "[package]\nname = \"service\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nacme-telemetry = {{ path = \"{vocabulary}\" }}\n\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::write(folder.join("src/lib.rs"), SOURCE)?;
    let mut server = Server::start(&folder)?;
    let mut failed = 0;
    let mut report = |what: &str, answer: &str, expected: &[&str]| {
        let missing: Vec<&&str> = expected
            .iter()
            .filter(|one| !answer.contains(**one))
            .collect();
        failed += usize::from(!missing.is_empty());
        let result = if missing.is_empty() { "ok" } else { "MISSING" };
        println!("{result:8} {what}: expected {expected:?}");
        if !missing.is_empty() {
            println!("         {answer}");
        }
    };
    let operations = server.completions(OPERATION, "billing::".len())?;
    report(
        "completion after `billing::`",
        &operations,
        &["InvoiceSave", "OrderLoad"],
    );
    let keys = server.completions(KEY, "inv".len())?;
    report(
        "completion of the first segment of a key",
        &keys,
        &["invoice", "order", "account"],
    );
    let keys = server.completions(KEY, "invoice.".len())?;
    report("completion after `invoice.`", &keys, &["id"]);
    let hover = server.hover(OPERATION, "billing::I".len())?;
    report(
        "hover over the operation",
        &hover,
        &["Write the invoice to the store."],
    );
    let hover = server.hover(KEY, 1)?;
    report(
        "hover over the first segment of a key",
        &hover,
        &["Attributes whose keys begin with"],
    );
    let hover = server.hover(KEY, "invoice.i".len())?;
    report(
        "hover over the last segment of a key",
        &hover,
        &["Invoice number.", "InvoiceId"],
    );
    let definition = server.definition(KEY, "invoice.i".len())?;
    report(
        "definition of a key",
        &definition,
        &["examples/billing/telemetry/src/lib.rs"],
    );
    let definition = server.definition(OPERATION, "billing::I".len())?;
    report(
        "definition of the operation",
        &definition,
        &["examples/billing/telemetry/src/lib.rs"],
    );
    Ok(failed)
}

/// A running rust-analyzer, and the file it has open.
struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    uri: String,
    requests: u64,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Starts rust-analyzer, and waits until it has read the crate.
    fn start(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new("rust-analyzer")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = process.stdin.take().ok_or("no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("no output")?);
        let root = format!("file://{}", folder.display());
        let mut server = Self {
            process,
            input,
            output,
            uri: format!("{root}/src/lib.rs"),
            requests: 0,
        };
        server.ask(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": root,
                "capabilities": { "experimental": { "serverStatusNotification": true } },
                "initializationOptions": { "checkOnSave": false },
            }),
        )?;
        server.send(json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }))?;
        let document = json!({
            "uri": server.uri, "languageId": "rust", "version": 1, "text": SOURCE,
        });
        server.send(json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didOpen",
            "params": { "textDocument": document },
        }))?;
        loop {
            let message = server.receive()?;
            let is_ready = message["params"]["quiescent"] == true;
            if message["method"] == "experimental/serverStatus" && is_ready {
                return Ok(server);
            }
        }
    }

    fn send(&mut self, message: Value) -> Result<(), Box<dyn Error>> {
        let message = message.to_string();
        write!(
            self.input,
            "Content-Length: {}\r\n\r\n{message}",
            message.len()
        )?;
        Ok(self.input.flush()?)
    }

    /// Returns the next message, after answering it if it is a request.
    fn receive(&mut self) -> Result<Value, Box<dyn Error>> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err("rust-analyzer has ended".into());
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut content = vec![0; length];
        self.output.read_exact(&mut content)?;
        let message: Value = serde_json::from_slice(&content)?;
        if message.get("method").is_some()
            && let Some(id) = message.get("id")
        {
            self.send(json!({ "jsonrpc": "2.0", "id": id, "result": [null] }))?;
        }
        Ok(message)
    }

    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Box<dyn Error>> {
        self.requests += 1;
        let id = self.requests;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut message = self.receive()?;
            if message["id"] == id && message.get("method").is_none() {
                return Ok(message["result"].take());
            }
        }
    }

    /// Sends a request about the position `offset` bytes after the start of `text` in the source.
    fn ask_at(&mut self, method: &str, text: &str, offset: usize) -> Result<Value, Box<dyn Error>> {
        let before = &SOURCE[..SOURCE.find(text).ok_or("no such text")? + offset];
        let line = before.matches('\n').count();
        let character = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let params = json!({
            "textDocument": { "uri": self.uri },
            "position": { "line": line, "character": character },
        });
        self.ask(method, params)
    }

    /// Returns the labels, separated by spaces.
    fn completions(&mut self, text: &str, offset: usize) -> Result<String, Box<dyn Error>> {
        let answer = self.ask_at("textDocument/completion", text, offset)?;
        let items = answer["items"].as_array().or(answer.as_array());
        let labels = items.into_iter().flatten();
        let labels: Vec<&str> = labels.filter_map(|item| item["label"].as_str()).collect();
        Ok(labels.join(" "))
    }

    fn hover(&mut self, text: &str, offset: usize) -> Result<String, Box<dyn Error>> {
        let answer = self.ask_at("textDocument/hover", text, offset)?;
        Ok(answer["contents"]["value"].to_string())
    }

    fn definition(&mut self, text: &str, offset: usize) -> Result<String, Box<dyn Error>> {
        Ok(self
            .ask_at("textDocument/definition", text, offset)?
            .to_string())
    }
}
