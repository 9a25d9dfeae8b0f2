//! Counts the allocations of a call. `allocations SCENE` prints a line for each peer: its name, and the allocations and
//! bytes per call.

use allocation_counter::measure;
use otel_contract_benches::scene::{Peer, Scene};
use std::error::Error;

/// Number of calls in a window. Without a provider, a thread looks for one about every thousand calls, which allocates.
/// Few windows contain such a call, so the median is a window without one.
const WINDOW: usize = 50;
const WINDOWS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    let scene = std::env::args().nth(1).ok_or("usage: allocations SCENE")?;
    let scene = Scene::named(&scene)?;
    let peers = scene.peers()?;
    let _context = scene.enter();
    for peer in peers.all() {
        let (allocations, bytes) = count(scene, peer);
        println!("{}\t{allocations}\t{bytes}", peer.name);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn count(scene: Scene, peer: &Peer) -> (f64, f64) {
    // These calls warm up: after them, every series exists, and a thread without a provider rarely looks for one.
    for n in 0..3_000 {
        peer.call(scene.job(n));
    }
    let mut windows: Vec<(u64, u64)> = (0..WINDOWS)
        .map(|_| {
            let counted = measure(|| {
                for n in 0..WINDOW {
                    peer.call(scene.job(n));
                }
            });
            (counted.count_total, counted.bytes_total)
        })
        .collect();
    windows.sort_unstable();
    let (allocations, bytes) = windows[WINDOWS / 2];
    (
        allocations as f64 / WINDOW as f64,
        bytes as f64 / WINDOW as f64,
    )
}
