//! Hostile code around contracts: callbacks, views, samplers, processors, exporters, `tracing` layers and values that
//! use a contract themselves, install providers, block or panic.
//!
//! Each attack runs in a separate process, which is killed after a time limit, so a hang fails only its own test.
//! Some attacks check that code does not wait for them. These attacks block forever: if the code waits, the test hangs and
//! fails.

#![allow(missing_docs)]

#[macro_use]
mod isolated;

mod callbacks;
mod installs;
mod layers;
mod processors;
mod stress;
mod support;
mod values;
mod views;
