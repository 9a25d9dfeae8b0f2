//! Hostile code around contracts: callbacks, views, samplers, processors, exporters, layers of `tracing` and values that
//! use a contract themselves, install providers, block or panic.
//!
//! Each attack runs in a process of its own, which is killed after a bound: a hang fails its test and no other one. Where
//! something must not be waited for, the attack ends only once it was not.

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
