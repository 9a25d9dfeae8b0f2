//! Adversary that chooses hostile values of bounded attributes.

use crate::oracle::{NO_QUEUE, NO_TIER, NO_TOPIC, Tally};
use std::fmt::Write as _;
use test_vocabulary::measures::{self, AccountTier, ShardNumber, instrumented_operation, metrics};

const THREADS: usize = 4;

pub(crate) const TIERS: [AccountTier; 3] =
    [AccountTier::Free, AccountTier::Pro, AccountTier::Other];
pub(crate) const QUEUES: usize = 20;
pub(crate) const TOPICS: usize = 5;

/// Texts that the limiters admit: the first twenty values of `queue.name`, of which the first five are also values of
/// `topic.name`.
pub(crate) fn admitted_texts() -> Vec<String> {
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

/// Kind of a chosen text: the index of an admitted text, or `None` for a text beyond the limit. `Err` is the text
/// `_OTHER`, which does not count as limited.
type Chosen = Result<Option<usize>, ()>;

/// Chooses texts; all texts except the admitted ones are distinct.
struct Adversary<'a> {
    admitted: &'a [String],
    text: String,
    state: u64,
    thread: usize,
    count: u64,
    tally: Tally,
}

impl<'a> Adversary<'a> {
    fn new(admitted: &'a [String], thread: usize) -> Self {
        Self {
            admitted,
            text: String::new(),
            state: thread as u64 + 1,
            thread,
            count: 0,
            tally: Tally::new(),
        }
    }

    #[allow(clippy::cast_possible_truncation)] // The high bits are the most random ones.
    fn random(&mut self, below: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % below
    }

    /// Writes the next text into `text`.
    fn choose(&mut self, count_of_texts: usize) -> Chosen {
        self.count += 1;
        self.text.clear();
        let (thread, count) = (self.thread, self.count);
        if count % 8 == 0 {
            // Long texts are hashed completely, so they are chosen rarely.
            let index = match self.random(count_of_texts) {
                index if self.admitted[index].len() > 1_000 && count % 64 != 0 => 0,
                index => index,
            };
            self.text.push_str(&self.admitted[index]);
            return Ok(Some(index));
        }
        if count % 1_001 == 0 {
            self.text.push_str("_OTHER");
            return Err(());
        }
        match count % 5 {
            // A very long text that differs only at its end.
            _ if count % 10_007 == 0 => self.text.extend(std::iter::repeat_n('l', 64 * 1_024)),
            0 => self.text.push_str("\u{202e}\u{1F468}\u{200D}\u{1F469} é"),
            1 => self.text.push('\0'),
            // Texts that collide under the string hash of other languages.
            2 => {
                for bit in 0..16 {
                    let pair = ["BB", "Aa"][usize::from(count >> bit & 1 == 0)];
                    self.text.push_str(pair);
                }
            }
            3 => self
                .text
                .push_str("https://queues.acme.example/eu-west-1/production/invoices/"),
            _ => {}
        }
        let written = write!(self.text, "{thread}/{count}");
        written.expect("writing to a string never fails");
        Ok(None)
    }

    fn queue(&mut self) -> usize {
        let chosen = self.choose(QUEUES);
        self.tally.limited_queues += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(QUEUES)
    }

    fn topic(&mut self) -> usize {
        let chosen = self.choose(TOPICS);
        self.tally.limited_topics += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(TOPICS)
    }

    /// Makes one call, alternating between all operations and metrics with bounded attributes.
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
                    self.tally.count(0, tier, queue, topic);
                } else {
                    metrics::jobs().add(1, dimensions);
                    self.tally.count(0, tier, queue, NO_TOPIC);
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
                self.tally.count(1, NO_TIER, queue, NO_TOPIC);
            }
            13..=16 => {
                let topic = self.topic();
                let dimensions = metrics::BatchSize {
                    shard_number: ShardNumber::MIN,
                    topic_name: measures::TopicName::capped(self.text.as_str()),
                };
                metrics::batch_size().record(3, dimensions);
                self.tally.count(2, NO_TIER, NO_QUEUE, topic);
            }
            _ => {
                let queue = self.queue();
                metrics::pool_size().record(
                    1,
                    metrics::PoolSize {}
                        .queue_name(measures::QueueName::capped(self.text.as_str())),
                );
                self.tally.count(3, NO_TIER, queue, NO_TOPIC);
            }
        }
    }

    /// Runs an operation, through the attribute or by hand. It records a duration, and increments and decrements the
    /// number of active operations.
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
        self.tally.records += 2;
        self.tally.count(4, tier, queue, topic);
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

/// Runs the attack: each thread records the admitted texts first, in its own order, then hostile texts.
pub(crate) fn attack(admitted: &[String], records: u64) -> Tally {
    let attack = |thread: usize| {
        let mut adversary = Adversary::new(admitted, thread);
        for n in 0..QUEUES {
            let queue = (n * 7 + thread * 3) % QUEUES;
            metrics::waiting().add(
                1,
                metrics::Waiting {
                    queue_name: measures::QueueName::capped(admitted[queue].as_str()),
                },
            );
            adversary.tally.count(1, NO_TIER, queue, NO_TOPIC);
            let topic = (n + thread) % TOPICS;
            let dimensions = metrics::BatchSize {
                shard_number: ShardNumber::MIN,
                topic_name: measures::TopicName::capped(admitted[topic].as_str()),
            };
            metrics::batch_size().record(3, dimensions);
            adversary.tally.count(2, NO_TIER, NO_QUEUE, topic);
        }
        let mut turn = 0;
        while adversary.tally.records < records / THREADS as u64 {
            adversary.call(turn);
            turn += 1;
        }
        adversary.tally
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || attack(thread)))
            .collect();
        let tally = threads
            .into_iter()
            .map(|thread| thread.join().expect("the thread ends"));
        tally.fold(Tally::new(), Tally::merge)
    })
}
