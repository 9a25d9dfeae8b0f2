//! The same operation under every peer, so that what they cost can be measured side by side.
//!
//! One operation with five attributes (an owned string of 12 bytes, an enum, a static string, an integer, a
//! bounded string), a duration by two dimensions and outcome, and how many run. What each peer does is
//! said in the first lines of its file.

mod autometered;
mod by_hand;
mod drops;
mod fast;
mod floor;
mod meters;
mod otlp;
mod ours;
mod polls;
mod sampler;
pub mod scene;
mod set_up;
mod traced;
mod workload;

pub use otlp::Otlp;
pub use workload::{Job, job, job_of_thread};

otel_contract::contract!("schema/bench.yaml");
