//! All processes at once: they are started, a few orders are paid, and what was recorded is drawn.

mod logs;
pub mod orders;
mod processes;
mod sink;
mod table;
mod trace;

use crate::options;
use crate::store::Store;
use logs::Logs;
use orders::Paying;
use processes::{Destination, Process};
use reqwest::{Client, StatusCode};
use sink::Sink;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

pub async fn run(options: options::Demo) -> Result<(), Box<dyn Error>> {
    let folder = Folder::create()?;
    let own = || folder.0.join("checkout.sqlite").display().to_string();
    let database = options.database.unwrap_or_else(own);
    let store = Store::open(&database).await?;
    let orders = orders::to_be_paid();
    let placed = orders.iter().filter_map(|paying| paying.order.clone());
    store.place(placed.collect()).await?;

    let (sink, destination) = if let Some(endpoint) = options.otlp {
        (None, Destination::Collector(endpoint))
    } else {
        let sink = Sink::start().await?;
        let endpoint = sink.endpoint.clone();
        (Some(sink), Destination::Sink(endpoint))
    };
    let logs = Logs::default();
    let start = |arguments: &[&str]| Process::start(arguments, &destination, &logs);
    let gateway = start(&["gateway"])?;
    let worker = start(&["worker", "--database", &database])?;
    let relay = start(&["relay", "--database", &database, "--worker", &worker.url])?;
    let api = start(&["api", "--database", &database, "--gateway", &gateway.url])?;

    let invoices = store.invoices().await?;
    let paid = pay_all(&api.url, &orders).await?;
    wait_for_invoices(&store, invoices + paid).await?;
    // In the order of the requests: whoever still has something to hand on stops first.
    for process in [api, relay, worker, gateway] {
        process.stop()?;
    }
    match (sink, destination) {
        (Some(sink), _) => {
            let received = sink.received();
            trace::draw(&received, &logs);
            table::draw(&received);
        }
        (None, Destination::Collector(endpoint) | Destination::Sink(endpoint)) => {
            println!("\nlogs\n{logs}");
            println!("traces, metrics and events went to {endpoint}");
        }
    }
    Ok(())
}

/// Pays one order after the other; how many were paid.
async fn pay_all(api: &str, orders: &[Paying]) -> Result<i64, Box<dyn Error>> {
    let http = Client::new();
    let mut paid = 0;
    for Paying { id, what, .. } in orders {
        let response = http.post(format!("{api}/orders/{id}/pay")).send().await?;
        let status = response.status();
        let body = response.text().await?;
        println!("{id:<12} {what:<28} {} {body}", status.as_u16());
        paid += i64::from(status == StatusCode::OK);
    }
    Ok(paid)
}

/// Invoices are made after the answer.
async fn wait_for_invoices(store: &Store, expected: i64) -> Result<(), Box<dyn Error>> {
    for _ in 0..3_000 {
        if store.invoices().await? >= expected {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the invoices are not made after a minute".into())
}

/// A folder of this run, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn create() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("checkout-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
