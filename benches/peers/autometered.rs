//! `autometrics` 3 over the `prometheus` crate: no span and no attribute of the domain, but a duration and a
//! count of calls by function, module, caller and result, and how many run.

use crate::workload::{Job, Timeout, work};

#[autometrics::autometrics(track_concurrency)]
pub(crate) fn run(job: Job<'_>) -> Result<usize, Timeout> {
    work(job)
}
