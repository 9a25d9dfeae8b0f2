//! The generated project: all contracts, the code that uses them, and a driver for their steps.

use crate::model::{Model, Tracer};
use crate::script::Step;
use crate::{code, contract};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How providers reach the contracts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProviderMode {
    /// Installed with the contract's view.
    View,
    /// Installed without a view.
    Plain,
    /// Set as OpenTelemetry's global providers.
    Global,
}

/// Features of `otel-contract` with which the driver is compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Features {
    /// With `bound-metrics`: each series is a bound handle of the SDK.
    BoundMetrics,
    /// Without `bound-metrics`: each measurement passes its attributes as a slice.
    Slices,
}

/// Separate workspace below `target`.
pub(crate) struct Project {
    folder: PathBuf,
}

const HARNESS: &str = include_str!("driver/harness.rs");
const EXPORT: &str = include_str!("driver/export.rs");

impl Project {
    pub(crate) fn write(contracts: &[(Model, Vec<Step>)]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let root = root.expect("the workspace");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("metrics-oracle");
        let project = Self { folder };
        project.file("Cargo.toml", &manifest(root));
        // The same dependency versions as the tests of this workspace.
        let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the lock file");
        project.file("Cargo.lock", &lock);
        project.file("src/harness.rs", HARNESS);
        project.file("src/export.rs", EXPORT);
        let mut main = String::from("mod export;\nmod harness;\n");
        let mut list = String::new();
        for (model, steps) in contracts {
            let name = &model.name;
            project.file(&format!("{name}.yaml"), &contract::contract(model));
            project.file(&format!("src/use_{name}.rs"), &code::module(model));
            project.file(&format!("{name}.steps"), &script(model, steps));
            let _ = writeln!(
                main,
                "otel_contract::contract!(\"{name}.yaml\");\nmod use_{name};"
            );
            let _ = write!(list, "use_{name}::CONTRACT, ");
        }
        let _ = writeln!(main, "fn main() {{\n    harness::main(&[{list}]);\n}}");
        project.file("src/main.rs", &main);
        project
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        // Unchanged files keep their modification time; otherwise cargo would rebuild everything.
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return;
        }
        fs::write(path, text).expect("the file is written");
    }

    /// Compiles the driver.
    pub(crate) fn build(&self, features: Features) -> Driver {
        let (features, name): (&[&str], _) = match features {
            Features::BoundMetrics => (&["--features=bound-metrics"], "bound"),
            Features::Slices => (&[], "slices"),
        };
        // One target folder for the projects of all tests, so that dependencies are built once.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects-target");
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--color=never"])
            .args(features)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &target)
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
        let file = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let program = target.join(file(name));
        let built = target.join("debug").join(file("metrics-oracle"));
        fs::copy(built, &program).expect("the driver is there");
        Driver {
            folder: self.folder.clone(),
            program,
        }
    }
}

/// A compiled driver.
pub(crate) struct Driver {
    folder: PathBuf,
    program: PathBuf,
}

impl Driver {
    /// Runs the driver and returns its output.
    pub(crate) fn run(&self, mode: ProviderMode) -> String {
        let mode = match mode {
            ProviderMode::View => "view",
            ProviderMode::Plain => "plain",
            ProviderMode::Global => "global",
        };
        let output = Command::new(&self.program)
            .arg(mode)
            .current_dir(&self.folder)
            .output()
            .expect("the driver runs");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

fn manifest(root: &Path) -> String {
    let contract = root.join("otel-contract");
    format!(
        "[package]\nname = \"metrics-oracle\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [features]\nbound-metrics = [\"otel-contract/bound-metrics\"]\n\n\
         [dependencies]\n\
         otel-contract = {{ path = {:?}, default-features = false, features = [\"hash\", \"sdk\"] }}\n\
         opentelemetry = {{ version = \"0.33\", default-features = false, features = [\"trace\", \"metrics\"] }}\n\
         opentelemetry_sdk = {{ version = \"0.33\", default-features = false, features = [\"trace\", \"metrics\", \"experimental_metrics_custom_reader\"] }}\n\n\
         [profile.dev]\ndebug = false\n",
        contract.display().to_string(),
    )
}

/// Script of a contract: the settings of its providers, then the steps.
fn script(model: &Model, steps: &[Step]) -> String {
    let tracer = match model.tracer {
        Tracer::None => "untraced",
        Tracer::Recording => "traced",
        Tracer::Unsampled => "unsampled",
    };
    let delta = if model.delta { "delta" } else { "cumulative" };
    let mut text = format!("{tracer} {delta}\n");
    for step in steps {
        text.push_str(&step.line());
        text.push('\n');
    }
    text
}
