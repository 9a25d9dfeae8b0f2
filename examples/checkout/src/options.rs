//! What the command line asks for.

use crate::service::Run;
use std::collections::BTreeMap;

pub const HELP: &str = "\
An order is paid, and a worker in another process makes its invoice: one trace.

usage: checkout [--otlp URL] [--database DATABASE]
           starts the processes below, pays a few orders, draws what was recorded, and ends
       checkout api --database DATABASE --gateway URL [--listen ADDRESS] [--with-parent]
       checkout gateway [--listen ADDRESS] [--with-parent]
       checkout relay --database DATABASE --worker URL [--with-parent]
       checkout worker --database DATABASE [--listen ADDRESS] [--with-parent]
       checkout orders --database DATABASE --count COUNT
           places orders `ord_1` to `ord_COUNT`, to be paid

  --otlp URL           send everything to this collector instead of drawing it
  --database DATABASE  a file for SQLite, or `postgres://…` (cargo feature `postgres`)
  --listen ADDRESS     127.0.0.1:0, any free port, unless given; the service says which
  --with-parent        stop when standard input ends, not only by Ctrl-C

The services read the standard OTEL_* variables, and CHECKOUT_PROTECTION_KEY, under which personal
values are hashed.
";

/// One of the processes, or all of them.
pub enum Command {
    Demo(Demo),
    Orders { database: String, count: u32 },
    Api(Api),
    Gateway(Gateway),
    Relay(Relay),
    Worker(Worker),
    Help,
}

/// All processes at once.
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
    pub with_parent: bool,
}

pub struct Worker {
    pub database: String,
    pub run: Run,
}

impl Command {
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.peekable();
        let named = arguments.next_if(|one| !one.starts_with('-'));
        let mut given = Given::parse(arguments)?;
        if given.take("help").is_some() {
            return Ok(Self::Help);
        }
        let command = match named.as_deref() {
            None => Self::Demo(Demo {
                otlp: given.take("otlp"),
                database: given.take("database"),
            }),
            Some("orders") => Self::Orders {
                database: given.required("database")?,
                count: given.required("count")?.parse().map_err(|error| {
                    format!("`--count` takes how many orders to place: {error}")
                })?,
            },
            Some("api") => Self::Api(Api {
                database: given.required("database")?,
                gateway: given.required("gateway")?,
                run: given.run()?,
            }),
            Some("gateway") => Self::Gateway(Gateway { run: given.run()? }),
            Some("relay") => Self::Relay(Relay {
                database: given.required("database")?,
                worker: given.required("worker")?,
                with_parent: given.take("with-parent").is_some(),
            }),
            Some("worker") => Self::Worker(Worker {
                database: given.required("database")?,
                run: given.run()?,
            }),
            Some(other) => return Err(wrong(&format!("there is no command `{other}`"))),
        };
        given.nothing_more()?;
        Ok(command)
    }
}

/// Options that were given and not asked for yet.
struct Given(BTreeMap<String, String>);

impl Given {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut given = BTreeMap::new();
        while let Some(argument) = arguments.next() {
            let Some(name) = argument.strip_prefix("--") else {
                return Err(wrong(&format!("`{argument}` is no option")));
            };
            let value = match name {
                "with-parent" | "help" => String::new(),
                _ => arguments
                    .next()
                    .ok_or_else(|| wrong(&format!("`{argument}` needs a value")))?,
            };
            given.insert(name.to_owned(), value);
        }
        Ok(Self(given))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    fn required(&mut self, name: &str) -> Result<String, String> {
        self.take(name)
            .ok_or_else(|| wrong(&format!("`--{name}` is missing")))
    }

    fn run(&mut self) -> Result<Run, String> {
        let listen = self.take("listen");
        let listen = listen.as_deref().unwrap_or("127.0.0.1:0");
        Ok(Run {
            listen: listen.parse().map_err(|_| {
                wrong(&format!(
                    "`--listen {listen}` is no address like 127.0.0.1:8080"
                ))
            })?,
            with_parent: self.take("with-parent").is_some(),
        })
    }

    fn nothing_more(self) -> Result<(), String> {
        match self.0.into_keys().next() {
            Some(name) => Err(wrong(&format!("`--{name}` is not taken here"))),
            None => Ok(()),
        }
    }
}

fn wrong(what: &str) -> String {
    format!("{what}\n  = help: `checkout --help` shows what there is")
}
