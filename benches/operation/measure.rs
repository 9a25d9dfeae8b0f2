//! What a call takes, in one interleaved run of all peers of a scene.

use crate::report::Figures;
use otel_contract_benches::job_of_thread;
use otel_contract_benches::scene::{Peer, Scene};
use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Calls of one peer in a round: few, so that most rounds are over before something else wants the core.
const CALLS: usize = 200;

/// Calls of each thread, where several run: enough for the system to have put each on a core of its own.
const THREAD_CALLS: usize = 100_000;

/// Nanoseconds per call of every peer; of threads, how much more two get done than one.
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
        return Err("a sink was sent nothing, so what was measured is not exporting".into());
    }
    let names = peers.all().iter().map(|peer| peer.name.to_owned());
    Ok(names
        .zip(times.into_iter().map(|times| median(times) / calls(CALLS)))
        .collect())
}

fn threads(peers: &[Peer], rounds: usize) -> Figures {
    let find = |name| peers.iter().find(|peer| peer.name == name);
    let mut figures = Figures::new();
    let (Some(ours), Some(floor), Some(other), Some(nothing)) = (
        find("ours"),
        find("floor"),
        find("floor, other series"),
        find("nothing shared"),
    ) else {
        return figures;
    };
    let pairs = [
        ("ours, a series each", [ours, ours], [0, 1]),
        ("ours, the same series", [ours, ours], [0, 0]),
        ("floor, a series each", [floor, other], [0, 1]),
        ("floor, the same series", [floor, floor], [0, 0]),
        ("nothing shared", [nothing, nothing], [0, 1]),
    ];
    let mut rates = [const { (Vec::new(), Vec::new()) }; 5];
    for _ in 0..rounds {
        for ((_, pair, series), (one, two)) in pairs.iter().zip(&mut rates) {
            one.push(rate(&[(pair[0], series[0])]));
            two.push(rate(&[(pair[0], series[0]), (pair[1], series[1])]));
        }
    }
    for ((name, ..), (one, two)) in pairs.into_iter().zip(rates) {
        figures.push((name.to_owned(), middle(two) / middle(one)));
    }
    figures
}

/// Calls a second of all threads together, while all run: until the first has done its calls, and by the time of
/// each, since one core may be slower than the other while something else runs there.
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

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_unstable_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// In nanoseconds.
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
