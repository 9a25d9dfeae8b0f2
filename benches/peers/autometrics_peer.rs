//! `autometrics` 3 with the `prometheus` crate. Records no span and no attribute of the domain, but the duration and the
//! number of calls by function, module, caller and result, and the number of active calls.

use crate::workload::{Job, Timeout, work};

#[autometrics::autometrics(track_concurrency)]
pub(crate) fn run(job: Job<'_>) -> Result<usize, Timeout> {
    work(job)
}
