//! Parser of the command line.

use crate::service::Run;
use std::collections::BTreeMap;
use std::time::Duration;

pub const HELP: &str = "\
Pays an order, and creates its invoice in another process: one trace.

usage: checkout [--otlp URL] [--database DATABASE]
           starts the processes below, pays a few orders, prints their telemetry, and ends
       checkout api --database DATABASE --gateway URL [SERVER OPTIONS]
       checkout gateway [SERVER OPTIONS]
       checkout relay --database DATABASE --worker URL [--stop-at-end-of-input]
       checkout worker --database DATABASE [SERVER OPTIONS]
       checkout orders --database DATABASE --count COUNT
           places the unpaid orders `ord_1` to `ord_COUNT`

  --otlp URL           send the telemetry to this collector instead of printing it
  --database DATABASE  a file for SQLite, or `postgres://…` (cargo feature `postgres`)
  --stop-at-end-of-input
                       stop when standard input ends, and on Ctrl-C

Server options: --stop-at-end-of-input, and
  --listen ADDRESS     the default is 127.0.0.1:0, any free port; the service prints its address
  --timeout MS         answer 504 after this time; the default is 30000

The services read the standard OTEL_* variables, and CHECKOUT_PROTECTION_KEY, the key for hashes of
personal values.
";

/// The command to run.
pub enum Command {
    Demo(Demo),
    Orders { database: String, count: u32 },
    Api(Api),
    Gateway(Gateway),
    Relay(Relay),
    Worker(Worker),
    Help,
}

/// Options of the demonstration, which starts all processes.
pub struct Demo {
    pub otlp: Option<String>,
    pub database: Option<String>,
}

pub struct Api {
    pub database: String,
    pub gateway: String,
    pub run: Run,
}

pub struct Gateway {
    pub run: Run,
}

pub struct Relay {
    pub database: String,
    pub worker: String,
    pub stop_at_end_of_input: bool,
}

pub struct Worker {
    pub database: String,
    pub run: Run,
}

impl Command {
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.peekable();
        let name = arguments.next_if(|argument| !argument.starts_with('-'));
        let mut options = Options::parse(arguments)?;
        if options.take("help").is_some() {
            return Ok(Self::Help);
        }
        let command = match name.as_deref() {
            None => Self::Demo(Demo {
                otlp: options.take("otlp"),
                database: options.take("database"),
            }),
            Some("orders") => Self::Orders {
                database: options.required("database")?,
                count: options
                    .required("count")?
                    .parse()
                    .map_err(|error| format!("`--count` is not a number of orders: {error}"))?,
            },
            Some("api") => Self::Api(Api {
                database: options.required("database")?,
                gateway: options.required("gateway")?,
                run: options.run()?,
            }),
            Some("gateway") => Self::Gateway(Gateway {
                run: options.run()?,
            }),
            Some("relay") => Self::Relay(Relay {
                database: options.required("database")?,
                worker: options.required("worker")?,
                stop_at_end_of_input: options.take("stop-at-end-of-input").is_some(),
            }),
            Some("worker") => Self::Worker(Worker {
                database: options.required("database")?,
                run: options.run()?,
            }),
            Some(other) => return Err(usage_error(&format!("there is no command `{other}`"))),
        };
        options.expect_empty()?;
        Ok(command)
    }
}

/// Options of the command line that are not used yet.
struct Options(BTreeMap<String, String>);

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = BTreeMap::new();
        while let Some(argument) = arguments.next() {
            let Some(name) = argument.strip_prefix("--") else {
                return Err(usage_error(&format!("`{argument}` is not an option")));
            };
            let value = match name {
                "stop-at-end-of-input" | "help" => String::new(),
                _ => arguments
                    .next()
                    .ok_or_else(|| usage_error(&format!("`{argument}` needs a value")))?,
            };
            options.insert(name.to_owned(), value);
        }
        Ok(Self(options))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn required(&mut self, name: &str) -> Result<String, String> {
        self.take(name)
            .ok_or_else(|| usage_error(&format!("`--{name}` is missing")))
    }

    fn run(&mut self) -> Result<Run, String> {
        let listen = self.take("listen");
        let listen = listen.as_deref().unwrap_or("127.0.0.1:0");
        Ok(Run {
            listen: listen.parse().map_err(|_| {
                usage_error(&format!(
                    "`--listen {listen}` is not an address like 127.0.0.1:8080"
                ))
            })?,
            timeout: self.timeout()?,
            stop_at_end_of_input: self.take("stop-at-end-of-input").is_some(),
        })
    }

    fn timeout(&mut self) -> Result<Duration, String> {
        let timeout = self.take("timeout");
        let timeout = timeout.as_deref().unwrap_or("30000");
        let milliseconds = timeout.parse().map_err(|_| {
            usage_error(&format!(
                "`--timeout {timeout}` is not a number of milliseconds"
            ))
        })?;
        Ok(Duration::from_millis(milliseconds))
    }

    fn expect_empty(self) -> Result<(), String> {
        match self.0.into_keys().next() {
            Some(name) => Err(usage_error(&format!(
                "this command has no option `--{name}`"
            ))),
            None => Ok(()),
        }
    }
}

fn usage_error(message: &str) -> String {
    format!("{message}\n  = help: `checkout --help` lists the commands and options")
}
