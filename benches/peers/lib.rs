//! The same operation under every peer, for benchmarks that compare their cost.
//!
//! The operation has five attributes (an owned string of 12 bytes, an enum, a static string, an integer, a bounded string),
//! a duration by two dimensions and outcome, and the number of active operations. The file of each peer starts with a
//! description.

mod autometrics_peer;
mod by_hand;
mod drops;
mod fastrace_peer;
mod floor;
mod instruments;
mod otlp;
mod ours;
mod polls;
mod sampler;
pub mod scene;
mod set_up;
mod tracing_peer;
mod workload;

pub use otlp::Otlp;
pub use workload::{Job, job, job_of_thread};

otel_contract::contract!("schema/bench.yaml");
