//! How each process runs: it says where it listens, serves, and stops when it is told to.

use axum::Router;
use std::error::Error;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Where a service listens, and how long it runs.
pub struct Run {
    pub listen: SocketAddr,
    pub with_parent: bool,
}

impl Run {
    /// Serves until it is told to stop; requests that were begun are answered.
    pub async fn serve(self, service: &str, routes: Router) -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|error| format!("{service} cannot listen on {}: {error}", self.listen))?;
        println!("{service} listens on http://{}", listener.local_addr()?);
        axum::serve(listener, routes)
            .with_graceful_shutdown(told_to_stop(self.with_parent))
            .await?;
        Ok(())
    }
}

/// Ctrl-C, or the end of standard input where a parent holds it.
pub async fn told_to_stop(with_parent: bool) {
    if !with_parent {
        let _ = tokio::signal::ctrl_c().await;
        return;
    }
    let (parent, gone) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(parent);
    });
    tokio::select! {
        _ = gone => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
