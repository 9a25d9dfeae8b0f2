//! The command line as its users meet it: the real binary, on real files.
//!
//! `INSTA_UPDATE=always cargo test -p otel-contract-cli --test cli` writes the snapshots anew; read them.

mod check;
mod comments;
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
