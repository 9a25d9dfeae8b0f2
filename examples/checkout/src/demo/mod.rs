//! Demonstration: starts all processes, pays a few orders, and prints the telemetry.

mod logs;
pub mod orders;
mod processes;
mod sink;
mod table;
mod trace;

use crate::options;
use crate::store::Store;
use logs::Logs;
use orders::Payment;
use processes::{Destination, Process};
use reqwest::Client;
use sink::Sink;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

pub async fn run(options: options::Demo) -> Result<(), Box<dyn Error>> {
    let folder = Folder::create()?;
    // Orders and invoices belong to different services, so each has its own file. With `--database`, they share that
    // database.
    let [database, invoices] = ["orders.sqlite", "invoices.sqlite"].map(|file| {
        let default = || folder.0.join(file).display().to_string();
        options.database.clone().unwrap_or_else(default)
    });
    let store = Store::open(&database).await?;
    let payments = orders::payments();
    let placed = payments.iter().filter_map(|payment| payment.order.clone());
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

    pay_all(&api.url, &payments).await?;
    wait_for_invoices(&store).await?;
    // Senders stop before receivers, so that pending requests are still received.
    for process in [api, relay, worker, gateway] {
        process.stop()?;
    }
    match (sink, destination) {
        (Some(sink), _) => {
            let received = sink.received();
            print(&trace::format(&received, &logs))?;
            print(&table::format(&received))?;
        }
        (None, Destination::Collector(endpoint) | Destination::Sink(endpoint)) => {
            print(&format!("\nlogs\n{logs}\n"))?;
            print(&format!(
                "traces, metrics and events were sent to {endpoint}\n"
            ))?;
        }
    }
    Ok(())
}

/// Pays the orders one after the other.
async fn pay_all(api: &str, payments: &[Payment]) -> Result<(), Box<dyn Error>> {
    let http = Client::new();
    for Payment {
        id, description, ..
    } in payments
    {
        let response = http.post(format!("{api}/orders/{id}/pay")).send().await?;
        let status = response.status();
        let body = response.text().await?;
        let status = status.as_u16();
        print(&format!("{id:<12} {description:<28} {status} {body}\n"))?;
    }
    Ok(())
}

/// Waits until the outbox is empty. Invoices are created after the response, and a job leaves the outbox after its invoice
/// was created.
async fn wait_for_invoices(store: &Store) -> Result<(), Box<dyn Error>> {
    for _ in 0..3_000 {
        if store.waiting(1).await?.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the invoices were not created within a minute".into())
}

/// Prints a text. Unlike `println!`, returns an error instead of a panic if standard output is closed.
fn print(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

/// Temporary folder of this run, removed at the end.
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
