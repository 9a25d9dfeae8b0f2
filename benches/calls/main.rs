//! Makes a fixed number of calls, for tools that count instructions.
//!
//! `calls SCENE PEER NUMBER`; `benches/instructions.sh` runs it.

use otel_contract_benches::scene::{Peer, Scene};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scene, peer, number] = arguments.as_slice() else {
        return Err("usage: calls SCENE PEER NUMBER".into());
    };
    let scene = Scene::named(scene)?;
    let peers = scene.peers()?;
    let peer = peers.named(peer);
    let peer = peer.ok_or("the scene has no such peer")?;
    let _context = scene.enter();
    // These calls warm up: after them, every series exists, the sampling prediction is known, and a thread without a provider
    // rarely looks for one.
    for n in 0..3_000 {
        peer.call(scene.job(n));
    }
    counted_calls(scene, peer, number.parse()?);
    Ok(())
}

/// The counted calls. Tools find this function by its name.
#[inline(never)]
fn counted_calls(scene: Scene, peer: &Peer, number: usize) {
    for n in 0..number {
        peer.call(scene.job(n));
    }
}
