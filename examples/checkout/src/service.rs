//! Server of each process: prints its address, serves requests, and stops on a signal.

use axum::Router;
use axum::http::StatusCode;
use checkout_telemetry::checkout;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Address and lifetime of a service.
pub struct Run {
    pub listen: SocketAddr,
    pub timeout: Duration,
    pub stop_at_end_of_input: bool,
}

impl Run {
    /// Serves until the stop signal, with each request as the operation of its route. Started requests are completed.
    pub async fn serve(self, service: &str, routes: Router) -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|error| format!("{service} cannot listen on {}: {error}", self.listen))?;
        println!("{service} listens on http://{}", listener.local_addr()?);
        // The layer of the contract is outermost, so that it sees panics, timeouts and every rejected request.
        let timeout = TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, self.timeout);
        let routes = routes
            .layer(CatchPanicLayer::new())
            .layer(timeout)
            .layer(checkout::server_layer());
        axum::serve(listener, routes)
            .with_graceful_shutdown(stop_signal(self.stop_at_end_of_input))
            .await?;
        Ok(())
    }
}

/// Completes on Ctrl-C, and with `stop_at_end_of_input` also at the end of standard input.
pub async fn stop_signal(stop_at_end_of_input: bool) {
    if !stop_at_end_of_input {
        let _ = tokio::signal::ctrl_c().await;
        return;
    }
    let (stdin, stdin_ended) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(stdin);
    });
    tokio::select! {
        _ = stdin_ended => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
