//! Scenes: situations of an operation, with the peers that are measured in them. A scene sets global state (providers, a
//! subscriber, a reporter), so each scene needs its own process.

use crate::bench::setup::Guard;
use crate::by_hand::ByHand;
use crate::fastrace_peer::Fastrace;
use crate::floor::Floor;
use crate::otlp::Otlp;
use crate::polls::drive;
use crate::sampler::PeerSampler;
use crate::set_up::{install_dropping, install_exporting};
use crate::tracing_peer::TracingOpentelemetry;
use crate::workload::{Job, Timeout, job, job_of_thread, work};
use crate::{autometrics_peer, bench, drops, ours};
use opentelemetry::global;
use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, ContextGuard};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::error::Error;
use std::hint::black_box;

/// Number of polls until an asynchronous body is ready.
pub const POLLS: usize = 10;

/// Situation of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// No provider is installed.
    None,
    /// A trace that begins here and is sampled.
    Sampled,
    /// A sampled trace that begins here, with an SDK provider that the contract's set-up did not create.
    OwnProvider,
    /// A trace that begins here and is not sampled.
    Unsampled,
    /// A request whose trace is not sampled.
    UnsampledParent,
    /// Sampled, and the body fails.
    Fails,
    /// Sampled, around a future that is polled a number of times.
    Async,
    /// Sampled, on two threads.
    Threads,
    /// Sampled, and exported over HTTP to a sink on loopback.
    Otlp,
}

impl Scene {
    /// All scenes.
    pub const ALL: [Self; 9] = [
        Self::None,
        Self::Sampled,
        Self::OwnProvider,
        Self::Unsampled,
        Self::UnsampledParent,
        Self::Fails,
        Self::Async,
        Self::Threads,
        Self::Otlp,
    ];

    /// Returns the name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sampled => "sampled",
            Self::OwnProvider => "own-provider",
            Self::Unsampled => "unsampled",
            Self::UnsampledParent => "unsampled-parent",
            Self::Fails => "fails",
            Self::Async => "async",
            Self::Threads => "threads",
            Self::Otlp => "otlp",
        }
    }

    /// Returns the scene of this name.
    ///
    /// # Errors
    ///
    /// For an unknown name, the error lists all scenes.
    pub fn named(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|scene| scene.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no scene `{name}`; the scenes are {names}")
        })
    }

    /// Returns the n-th job.
    #[must_use]
    pub fn job(self, n: usize) -> Job<'static> {
        job(n, self == Self::Fails)
    }

    /// Attaches the context of all calls, if the scene has one.
    #[must_use]
    pub fn enter(self) -> Option<ContextGuard> {
        (self == Self::UnsampledParent).then(|| {
            let parent = SpanContext::new(
                TraceId::from(7),
                SpanId::from(7),
                TraceFlags::NOT_SAMPLED,
                true,
                TraceState::NONE,
            );
            Context::new().with_remote_span_context(parent).attach()
        })
    }

    /// Installs the providers of the scene, and returns its peers.
    ///
    /// # Errors
    ///
    /// Returns an error if the process already has a `tracing` subscriber, or if no sink can be opened.
    pub fn peers(self) -> Result<Peers, Box<dyn Error>> {
        if self == Self::None {
            return Ok(Peers::of(none()));
        }
        let samples_roots = self != Self::Unsampled;
        let mut otlp = Vec::new();
        let mut tracer_provider = || -> Result<SdkTracerProvider, Box<dyn Error>> {
            if self != Self::Otlp {
                return Ok(drops::tracer_provider(PeerSampler::new(samples_roots)));
            }
            let exporting = Otlp::start(PeerSampler::new(samples_roots))?;
            let provider = exporting.provider().clone();
            otlp.push(exporting);
            Ok(provider)
        };
        let meter_provider = drops::meter_provider();
        let meter = meter_provider.meter("bench");
        global::set_tracer_provider(tracer_provider()?);
        let hand = ByHand::new(global::tracer("bench"), &meter);
        // The next installation replaces the global provider. The hand-written tracer keeps its provider.
        let mut guard = None;
        let mut sink = None;
        match self {
            Self::OwnProvider => bench::Providers::new()
                .with_tracer_provider(tracer_provider()?)
                .with_meter_provider(drops::meter_provider_with_view())
                .install(),
            Self::Otlp => {
                let (exports, own) = install_exporting()?;
                guard = Some(exports);
                sink = Some(own);
            }
            _ => guard = Some(install_dropping(samples_roots)?),
        }
        let mut peers = match self {
            Self::Async => asynchronous(hand),
            _ => {
                let mut peers = vec![Peer::new("ours", ours::run)];
                by_hand(&mut peers, hand);
                peers
            }
        };
        let mut floor = |name, thread| -> Result<Peer, Box<dyn Error>> {
            let job = job_of_thread(0, thread);
            let floor = Floor::new(tracer_provider()?.tracer("bench"), &meter, job);
            Ok(Peer::new(name, move |job| floor.run(job)))
        };
        match self {
            // The floor does not handle failures.
            Self::None | Self::Async | Self::Fails => {}
            Self::Otlp | Self::OwnProvider => peers.push(floor("floor", 0)?),
            Self::Threads => {
                peers.push(floor("floor", 0)?);
                peers.push(floor("floor, other series", 1)?);
                peers.push(Peer::new("nothing shared", computes));
            }
            Self::Sampled | Self::Unsampled | Self::UnsampledParent => {
                peers.push(floor("floor", 0)?);
                peers.push(Peer::new("ours, ok(…)", ours::run_ok));
                peers.push(Peer::new("ours, as op", ours::run_handle));
                if self == Self::Unsampled {
                    let floor = Floor::new(
                        tracer_provider()?.tracer("bench"),
                        &meter,
                        job_of_thread(0, 0),
                    );
                    let least = move |job| floor.run_unsampled(job);
                    peers.push(Peer::new("floor, not sampled", least));
                }
                let unboxed = ByHand::new(tracer_provider()?.tracer("bench"), &meter);
                peers.push(Peer::new("by hand, SDK's tracer", move |job| {
                    unboxed.run(job)
                }));
            }
        }
        if matches!(
            self,
            Self::Sampled | Self::Unsampled | Self::UnsampledParent | Self::Fails
        ) {
            published(&mut peers, &tracer_provider()?, &meter, self)?;
        }
        otlp.extend(sink);
        Ok(Peers {
            all: peers,
            otlp,
            _kept: (Some(meter_provider), guard),
        })
    }
}

/// Returns the peers of the scene without a provider.
fn none() -> Vec<Peer> {
    let noop = global::tracer("bench");
    vec![
        Peer::new("ours", ours::run),
        Peer::new("in_span", move |job| noop.in_span("job.run", |_| work(job))),
    ]
}

/// Takes about as long as an operation, without memory shared between threads: measures the machine's parallelism.
fn computes(job: Job<'_>) -> Result<usize, Timeout> {
    let mut state = job.order_id.len() as u64;
    for _ in 0..300 {
        state = black_box(state.wrapping_mul(0xa076_1d64_78bd_642f) ^ (state >> 31));
    }
    work(job)
}

fn by_hand<T>(peers: &mut Vec<Peer>, hand: ByHand<T>)
where
    T: opentelemetry::trace::Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    let hand = std::sync::Arc::new(hand);
    let span = hand.clone();
    peers.push(Peer::new("by hand", move |job| hand.run(job)));
    peers.push(Peer::new("by hand, span alone", move |job| span.span(job)));
}

fn asynchronous<T>(hand: ByHand<T>) -> Vec<Peer>
where
    T: opentelemetry::trace::Tracer + Send + Sync + 'static,
    T::Span: Send + Sync + 'static,
{
    let hand = std::sync::Arc::new(hand);
    let once = hand.clone();
    // The last poll returns `Ready`, so ten polls contain nine pending polls.
    vec![
        Peer::new("ours", |job| drive(ours::run_async(job, POLLS - 1))),
        Peer::new("by hand", move |job| drive(hand.run_async(job, POLLS - 1))),
        Peer::new("ours, one poll", |job| drive(ours::run_async(job, 0))),
        Peer::new("by hand, one poll", move |job| {
            drive(once.run_async(job, 0))
        }),
    ]
}

fn published(
    peers: &mut Vec<Peer>,
    tracer_provider: &SdkTracerProvider,
    meter: &Meter,
    scene: Scene,
) -> Result<(), Box<dyn Error>> {
    let tracing = TracingOpentelemetry::new(tracer_provider.tracer("bench"), meter)?;
    peers.push(Peer::new("tracing", move |job| tracing.run(job)));
    let sampled = matches!(scene, Scene::Sampled | Scene::Fails);
    let fastrace = Fastrace::new(meter, sampled);
    peers.push(Peer::new("fastrace", move |job| fastrace.run(job)));
    peers.push(Peer::new("autometrics", autometrics_peer::run));
    Ok(())
}

/// One way to instrument the operation.
pub struct Peer {
    /// Name in the results.
    pub name: &'static str,
    call: Box<dyn Fn(Job<'static>) + Send + Sync>,
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Peer").field(&self.name).finish()
    }
}

impl Peer {
    fn new(
        name: &'static str,
        call: impl Fn(Job<'static>) -> Result<usize, Timeout> + Send + Sync + 'static,
    ) -> Self {
        let call = Box::new(move |job| drop(black_box(call(job))));
        Self { name, call }
    }

    /// Runs the operation once.
    pub fn call(&self, job: Job<'static>) {
        (self.call)(black_box(job));
    }
}

/// The peers of a scene, with the providers that they need.
#[derive(Debug)]
pub struct Peers {
    all: Vec<Peer>,
    otlp: Vec<Otlp>,
    /// Kept alive, because bound handles and operations drop their measurements without a provider.
    _kept: (Option<SdkMeterProvider>, Option<Guard>),
}

impl Peers {
    fn of(peers: Vec<Peer>) -> Self {
        Self {
            all: peers,
            otlp: Vec::new(),
            _kept: (None, None),
        }
    }

    /// Returns all peers, `otel-contract` first.
    #[must_use]
    pub fn all(&self) -> &[Peer] {
        &self.all
    }

    /// Returns the peer of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Peer> {
        self.all.iter().find(|peer| peer.name == name)
    }

    /// Exports the queued spans, so that no queue overflows.
    ///
    /// # Errors
    ///
    /// Returns an error if an export fails.
    pub fn flush(&self) -> Result<(), Box<dyn Error>> {
        for otlp in &self.otlp {
            otlp.provider().force_flush()?;
        }
        Ok(())
    }

    /// Returns the number of bytes that each sink received; empty in scenes without exporters.
    #[must_use]
    pub fn bytes_exported(&self) -> Vec<u64> {
        self.otlp.iter().map(Otlp::bytes).collect()
    }
}
