//! Somebody who chooses the values of bounded attributes, and wishes no good.

use crate::oracle::{Given, NO_QUEUE, NO_TIER, NO_TOPIC};
use std::fmt::Write as _;
use test_vocabulary::measures::{self, AccountTier, ShardNumber, instrumented_operation, metrics};

const THREADS: usize = 4;

pub(crate) const TIERS: [AccountTier; 3] =
    [AccountTier::Free, AccountTier::Pro, AccountTier::Other];
pub(crate) const QUEUES: usize = 20;
pub(crate) const TOPICS: usize = 5;

/// The first twenty texts to come for `queue.name`, of which the first five come for `topic.name`.
pub(crate) fn welcome() -> Vec<String> {
    let long = "l".repeat(64 * 1_024);
    let mut texts = vec![
        String::new(),
        "\0".to_owned(),
        "\u{202e}\u{1F468}\u{200D}\u{1F469} é".to_owned(),
        format!("{long}1"),
        format!("{long}2"),
        "\0\0".to_owned(),
        " ".to_owned(),
        "_other".to_owned(),
        "_OTHER ".to_owned(),
        "otel.metric.overflow".to_owned(),
    ];
    texts.extend((texts.len()..QUEUES).map(|n| format!("queue {n}")));
    texts
}

/// A text somebody hostile gives, and which of the welcome ones it is. `Err`: it is called `_OTHER`
/// already, so that it is not refused.
type Chosen = Result<Option<usize>, ()>;

/// Chooses texts; never the same twice, but for the welcome ones.
struct Adversary<'a> {
    welcome: &'a [String],
    text: String,
    state: u64,
    thread: usize,
    count: u64,
    given: Given,
}

impl<'a> Adversary<'a> {
    fn new(welcome: &'a [String], thread: usize) -> Self {
        Self {
            welcome,
            text: String::new(),
            state: thread as u64 + 1,
            thread,
            count: 0,
            given: Given::new(),
        }
    }

    #[allow(clippy::cast_possible_truncation)] // The high bits, which are the good ones.
    fn random(&mut self, below: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % below
    }

    /// Writes the next text.
    fn choose(&mut self, places: usize) -> Chosen {
        self.count += 1;
        self.text.clear();
        let (thread, count) = (self.thread, self.count);
        if count % 8 == 0 {
            // The long ones are hashed whole, so only now and then.
            let place = match self.random(places) {
                place if self.welcome[place].len() > 1_000 && count % 64 != 0 => 0,
                place => place,
            };
            self.text.push_str(&self.welcome[place]);
            return Ok(Some(place));
        }
        if count % 1_001 == 0 {
            self.text.push_str("_OTHER");
            return Err(());
        }
        match count % 5 {
            // As long as can be, different at the very end.
            _ if count % 10_007 == 0 => self.text.extend(std::iter::repeat_n('l', 64 * 1_024)),
            0 => self.text.push_str("\u{202e}\u{1F468}\u{200D}\u{1F469} é"),
            1 => self.text.push('\0'),
            // The same under the hash of other languages' strings.
            2 => {
                for bit in 0..16 {
                    let one = ["BB", "Aa"][usize::from(count >> bit & 1 == 0)];
                    self.text.push_str(one);
                }
            }
            3 => self
                .text
                .push_str("https://queues.acme.example/eu-west-1/production/invoices/"),
            _ => {}
        }
        let written = write!(self.text, "{thread}/{count}");
        written.expect("a string takes what is written");
        Ok(None)
    }

    fn queue(&mut self) -> usize {
        let chosen = self.choose(QUEUES);
        self.given.refused_queues += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(QUEUES)
    }

    fn topic(&mut self) -> usize {
        let chosen = self.choose(TOPICS);
        self.given.refused_topics += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(TOPICS)
    }

    /// One call, by turns of everything that takes a bounded attribute.
    fn call(&mut self, turn: u64) {
        let tier = self.random(TIERS.len());
        match turn % 20 {
            0 => self.operation(tier),
            1..=9 => {
                let queue = self.queue();
                let dimensions = metrics::Jobs {
                    account_tier: TIERS[tier],
                    queue_name: measures::QueueName::capped(self.text.as_str()),
                };
                if turn.is_multiple_of(2) {
                    let topic = self.topic();
                    let dimensions =
                        dimensions.topic_name(measures::TopicName::capped(self.text.as_str()));
                    metrics::jobs().add(1, dimensions);
                    self.given.count(0, tier, queue, topic);
                } else {
                    metrics::jobs().add(1, dimensions);
                    self.given.count(0, tier, queue, NO_TOPIC);
                }
            }
            10..=12 => {
                let queue = self.queue();
                metrics::waiting().add(
                    1,
                    metrics::Waiting {
                        queue_name: measures::QueueName::capped(self.text.as_str()),
                    },
                );
                self.given.count(1, NO_TIER, queue, NO_TOPIC);
            }
            13..=16 => {
                let topic = self.topic();
                let dimensions = metrics::BatchSize {
                    shard_number: ShardNumber::MIN,
                    topic_name: measures::TopicName::capped(self.text.as_str()),
                };
                metrics::batch_size().record(3, dimensions);
                self.given.count(2, NO_TIER, NO_QUEUE, topic);
            }
            _ => {
                let queue = self.queue();
                metrics::pool_size().record(
                    1,
                    metrics::PoolSize {}
                        .queue_name(measures::QueueName::capped(self.text.as_str())),
                );
                self.given.count(3, NO_TIER, queue, NO_TOPIC);
            }
        }
    }

    /// An operation, through the attribute or by hand: a duration, and up and down of those that run.
    fn operation(&mut self, tier: usize) {
        let queue = self.queue();
        let queue_name = std::mem::take(&mut self.text);
        let topic = self.topic();
        if self.count.is_multiple_of(2) {
            run(&queue_name, TIERS[tier], &self.text);
        } else {
            let job = measures::JobRun {
                queue_name: measures::QueueName::capped(queue_name.as_str()),
            };
            let active = job.account_tier(TIERS[tier]).start();
            active.topic_name(measures::TopicName::capped(self.text.as_str()));
            active.succeed();
        }
        self.given.records += 2;
        self.given.count(4, tier, queue, topic);
    }
}

#[instrumented_operation(
    measures::JobRun,
    queue.name = measures::QueueName::capped(queue),
    account.tier = tier,
    order.id = queue,
    ok(|topic| topic.name = measures::TopicName::capped(topic)),
)]
fn run<'a>(queue: &str, tier: AccountTier, topic: &'a str) -> &'a str {
    topic
}

/// Every thread gives the welcome texts first, in an order of its own, then whatever it likes.
pub(crate) fn attack(welcome: &[String], records: u64) -> Given {
    let attack = |thread: usize| {
        let mut adversary = Adversary::new(welcome, thread);
        for n in 0..QUEUES {
            let queue = (n * 7 + thread * 3) % QUEUES;
            metrics::waiting().add(
                1,
                metrics::Waiting {
                    queue_name: measures::QueueName::capped(welcome[queue].as_str()),
                },
            );
            adversary.given.count(1, NO_TIER, queue, NO_TOPIC);
            let topic = (n + thread) % TOPICS;
            let dimensions = metrics::BatchSize {
                shard_number: ShardNumber::MIN,
                topic_name: measures::TopicName::capped(welcome[topic].as_str()),
            };
            metrics::batch_size().record(3, dimensions);
            adversary.given.count(2, NO_TIER, NO_QUEUE, topic);
        }
        let mut turn = 0;
        while adversary.given.records < records / THREADS as u64 {
            adversary.call(turn);
            turn += 1;
        }
        adversary.given
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || attack(thread)))
            .collect();
        let given = threads
            .into_iter()
            .map(|thread| thread.join().expect("the thread ends"));
        given.fold(Given::new(), Given::merge)
    })
}
