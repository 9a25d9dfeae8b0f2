//! Measures the time of a call, in one interleaved run of all peers of a scene.

use crate::report::Figures;
use otel_contract_benches::job_of_thread;
use otel_contract_benches::scene::{Peer, Scene};
use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Number of calls of one peer in a round: small, so that most rounds end before the system uses the core for other work.
const CALLS: usize = 200;

/// Number of calls of each thread: large, so that the system has moved each thread to a core of its own.
const THREAD_CALLS: usize = 100_000;

/// Returns the nanoseconds per call of every peer. For scene `Threads`, returns the throughput of two threads relative to
/// one.
pub(crate) fn measure(scene: Scene, rounds: usize) -> Result<Figures, Box<dyn Error>> {
    let peers = scene.peers()?;
    let _context = scene.enter();
    if scene == Scene::Threads {
        return Ok(threads(peers.all(), rounds / 20 + 1));
    }
    let mut times = vec![Vec::with_capacity(rounds); peers.all().len()];
    for round in 0..rounds {
        for (peer, times) in peers.all().iter().zip(&mut times) {
            let start = Instant::now();
            for n in 0..CALLS {
                peer.call(scene.job(n));
            }
            times.push(start.elapsed());
        }
        if round % 8 == 0 {
            peers.flush()?;
        }
    }
    peers.flush()?;
    if peers.bytes_exported().contains(&0) {
        return Err("a sink received no data, so the measurement does not include exports".into());
    }
    let names = peers.all().iter().map(|peer| peer.name.to_owned());
    Ok(names
        .zip(times.into_iter().map(|times| median(times) / calls(CALLS)))
        .collect())
}

fn threads(peers: &[Peer], rounds: usize) -> Figures {
    let find = |name| peers.iter().find(|peer| peer.name == name);
    let mut figures = Figures::new();
    let (Some(ours), Some(floor), Some(other_series), Some(nothing_shared)) = (
        find("ours"),
        find("floor"),
        find("floor, other series"),
        find("nothing shared"),
    ) else {
        return figures;
    };
    let pairs = [
        ("ours, different series", [ours, ours], [0, 1]),
        ("ours, the same series", [ours, ours], [0, 0]),
        ("floor, different series", [floor, other_series], [0, 1]),
        ("floor, the same series", [floor, floor], [0, 0]),
        ("nothing shared", [nothing_shared, nothing_shared], [0, 1]),
    ];
    let mut rates = [const { (Vec::new(), Vec::new()) }; 5];
    for _ in 0..rounds {
        for ((_, pair, series), (one_thread, two_threads)) in pairs.iter().zip(&mut rates) {
            one_thread.push(rate(&[(pair[0], series[0])]));
            two_threads.push(rate(&[(pair[0], series[0]), (pair[1], series[1])]));
        }
    }
    for ((name, ..), (one_thread, two_threads)) in pairs.into_iter().zip(rates) {
        let throughput = median_rate(two_threads) / median_rate(one_thread);
        figures.push((name.to_owned(), throughput));
    }
    figures
}

/// Returns the calls per second of all threads together. All threads stop when the first has made its calls. Each rate is
/// computed from the thread's own time, because other load may slow down one core.
fn rate(threads: &[(&Peer, usize)]) -> f64 {
    let ready = Barrier::new(threads.len());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let running: Vec<_> = threads
            .iter()
            .map(|(peer, series)| {
                let (ready, over) = (&ready, &over);
                scope.spawn(move || {
                    ready.wait();
                    for n in 0..THREAD_CALLS / 4 {
                        peer.call(job_of_thread(n, *series));
                    }
                    let start = Instant::now();
                    let mut done = 0;
                    while done < THREAD_CALLS && !over.load(Ordering::Relaxed) {
                        peer.call(job_of_thread(done, *series));
                        done += 1;
                    }
                    over.store(true, Ordering::Relaxed);
                    calls(done) / start.elapsed().as_secs_f64()
                })
            })
            .collect();
        let rates = running.into_iter().filter_map(|thread| thread.join().ok());
        rates.sum()
    })
}

fn median_rate(mut rates: Vec<f64>) -> f64 {
    rates.sort_unstable_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// Returns the median in nanoseconds.
#[allow(clippy::cast_precision_loss)] // Far below 2^52.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .map_or(f64::NAN, |median| median.as_nanos() as f64)
}

#[allow(clippy::cast_precision_loss)] // A small number.
fn calls(number: usize) -> f64 {
    number as f64
}
