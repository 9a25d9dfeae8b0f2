//! The operation that every peer instruments: five attributes (an owned string of 12 bytes, an enum, a static string, an
//! integer, a bounded string), a duration by two dimensions and outcome, and the number of active operations.

/// Arguments of a call.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    pub(crate) order_id: &'a str,
    pub(crate) tier: Tier,
    pub(crate) attempt: i64,
    pub(crate) queue: &'a str,
    pub(crate) fails: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Tier {
    Free,
    Pro,
    Enterprise,
}

impl Tier {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }
}

/// A static string attribute.
pub(crate) const DEPENDENCY: &str = "payment-gateway";

/// Boundaries of the duration, as in the contract.
pub(crate) const BOUNDARIES: [f64; 5] = [0.05, 0.1, 0.5, 1.0, 5.0];

#[derive(Debug, otel_contract::ErrorClass)]
#[error_class(crate::bench, gateway_timeout)]
pub(crate) struct Timeout;

impl std::fmt::Display for Timeout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the gateway did not answer in time")
    }
}

const ORDERS: [&str; 4] = [
    "ord_8Zk2aaaa",
    "ord_9Qd7bbbb",
    "ord_3Lm1cccc",
    "ord_5Rt6dddd",
];
const TIERS: [Tier; 3] = [Tier::Free, Tier::Pro, Tier::Enterprise];
const QUEUES: [&str; 4] = ["invoice-events", "mail", "refunds", "reports"];

/// Returns the n-th job. The twelve combinations of dimensions alternate.
#[must_use]
pub fn job(n: usize, fails: bool) -> Job<'static> {
    Job {
        order_id: ORDERS[n % 4],
        tier: TIERS[n % 3],
        attempt: (n % 6).cast_signed() as i64,
        queue: QUEUES[n % 4],
        fails,
    }
}

/// Returns the n-th job of a thread. All jobs of a thread have the same dimensions, which differ between threads.
#[must_use]
pub fn job_of_thread(n: usize, thread: usize) -> Job<'static> {
    Job {
        tier: TIERS[thread % 3],
        queue: QUEUES[thread % 4],
        ..job(n, false)
    }
}

/// The body of the operation: does no work, but is not optimized away.
#[inline(never)]
pub(crate) fn work(job: Job<'_>) -> Result<usize, Timeout> {
    if std::hint::black_box(job.fails) {
        return Err(Timeout);
    }
    Ok(std::hint::black_box(job.order_id.len()))
}
