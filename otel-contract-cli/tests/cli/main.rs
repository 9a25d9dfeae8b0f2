//! Tests of the command line: the real binary on real files.
//!
//! `INSTA_UPDATE=always cargo test -p otel-contract-cli --test cli` updates the snapshots; review them.

mod check;
mod comments;
mod coverage;
mod explain;
mod find;
mod fix;
mod fix_names;
mod formats;
mod hostile;
mod init;
mod lint;
mod scan;
mod stage;
mod stats;
mod streams;
