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
use reqwest::Client;
use sink::Sink;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

pub async fn run(options: options::Demo) -> Result<(), Box<dyn Error>> {
    let folder = Folder::create()?;
    // Orders and invoices belong to services of their own, and so do their databases.
    let [database, invoices] = ["orders.sqlite", "invoices.sqlite"].map(|own| {
        let own = || folder.0.join(own).display().to_string();
        options.database.clone().unwrap_or_else(own)
    });
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
    let worker = start(&["worker", "--database", &invoices])?;
    let relay = start(&["relay", "--database", &database, "--worker", &worker.url])?;
    let api = start(&["api", "--database", &database, "--gateway", &gateway.url])?;

    pay_all(&api.url, &orders).await?;
    wait_for_invoices(&store).await?;
    // In the order of the requests: whoever still has something to hand on stops first.
    for process in [api, relay, worker, gateway] {
        process.stop()?;
    }
    match (sink, destination) {
        (Some(sink), _) => {
            let received = sink.received();
            say(&trace::drawn(&received, &logs))?;
            say(&table::drawn(&received))?;
        }
        (None, Destination::Collector(endpoint) | Destination::Sink(endpoint)) => {
            say(&format!("\nlogs\n{logs}\n"))?;
            say(&format!("traces, metrics and events went to {endpoint}\n"))?;
        }
    }
    Ok(())
}

/// Pays one order after the other.
async fn pay_all(api: &str, orders: &[Paying]) -> Result<(), Box<dyn Error>> {
    let http = Client::new();
    for Paying { id, what, .. } in orders {
        let response = http.post(format!("{api}/orders/{id}/pay")).send().await?;
        let status = response.status();
        let body = response.text().await?;
        say(&format!("{id:<12} {what:<28} {} {body}\n", status.as_u16()))?;
    }
    Ok(())
}

/// Invoices are made after the answer; a job is crossed out once its invoice is there.
async fn wait_for_invoices(store: &Store) -> Result<(), Box<dyn Error>> {
    for _ in 0..3_000 {
        if store.waiting(1).await?.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the invoices are not made after a minute".into())
}

/// Printed as far as somebody reads it: `println!` would panic where nobody does.
fn say(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
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
