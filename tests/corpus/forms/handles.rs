//! Returned values that contain a future, such as a struct with the receiver of a channel: the operation covers only
//! the call, not the future.

use super::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll};

pub(crate) const FORMS: &[Form] = &[
    form(
        "handle_in_a_struct",
        || {
            let job = handle_in_a_struct(3);
            note("returned");
            show(block_on(job.answer))
        },
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "handle_beside_its_sender",
        || {
            let (sender, answer) = handle_beside_its_sender();
            sender.send(4);
            show(block_on(answer))
        },
        SUCCESS,
    ),
    form(
        "handle_in_a_vector",
        || {
            show(
                handle_in_a_vector()
                    .into_iter()
                    .map(block_on)
                    .collect::<Vec<_>>(),
            )
        },
        SUCCESS,
    ),
    form(
        "handle_in_a_box_of_its_trait",
        || show(handle_in_a_box_of_its_trait().peek()),
        SUCCESS,
    ),
    form(
        "handle_that_is_dropped",
        || {
            drop(handle_in_a_struct(3));
            show(())
        },
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "handle_taken_and_awaited",
        || drive!(handle_taken_and_awaited(Reply::of(5))),
        &[Success(&[]), Success(&[])],
    ),
    form(
        "handle_method",
        || {
            let actor = Actor::default();
            let job = actor.handle_method(6);
            actor.work();
            show(block_on(job.answer))
        },
        &[Success(&[("work.count", "6")])],
    ),
];

/// Reply of an actor: a future, like the receiver of a oneshot channel.
#[derive(Default)]
struct Reply {
    slot: Rc<RefCell<Option<u8>>>,
    held: Option<Noisy>,
}

struct Sender {
    slot: Rc<RefCell<Option<u8>>>,
}

impl Sender {
    fn send(self, value: u8) {
        *self.slot.borrow_mut() = Some(value);
    }
}

impl Reply {
    fn of(value: u8) -> Self {
        let reply = Self {
            held: Some(Noisy("reply")),
            ..Self::default()
        };
        *reply.slot.borrow_mut() = Some(value);
        reply
    }
}

impl Future for Reply {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u8> {
        note("polled");
        context.waker().wake_by_ref();
        let value = self.slot.borrow_mut().take();
        value.map_or(Poll::Pending, Poll::Ready)
    }
}

struct Job {
    answer: Reply,
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn handle_in_a_struct(count: u8) -> Job {
    note("called");
    Job {
        answer: Reply::of(count),
    }
}

#[instrumented_operation(forms::FormRun)]
fn handle_beside_its_sender() -> (Sender, Reply) {
    let reply = Reply::default();
    let slot = Rc::clone(&reply.slot);
    (Sender { slot }, reply)
}

#[instrumented_operation(forms::FormRun)]
fn handle_in_a_vector() -> Vec<Reply> {
    vec![Reply::of(1), Reply::of(2)]
}

trait Peek {
    fn peek(&self) -> Option<u8>;
}

impl Peek for Reply {
    fn peek(&self) -> Option<u8> {
        *self.slot.borrow()
    }
}

#[instrumented_operation(forms::FormRun)]
fn handle_in_a_box_of_its_trait() -> Box<dyn Peek> {
    Box::new(Reply::of(3))
}

#[instrumented_operation(forms::FormRun)]
async fn handle_taken_and_awaited(reply: Reply) -> u8 {
    reply.await + 1
}

#[derive(Default)]
struct Actor {
    inbox: RefCell<Vec<(u8, Sender)>>,
}

impl Actor {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn handle_method(&self, count: u8) -> Job {
        let answer = Reply::default();
        let slot = Rc::clone(&answer.slot);
        self.inbox.borrow_mut().push((count, Sender { slot }));
        Job { answer }
    }

    fn work(&self) {
        for (count, sender) in self.inbox.take() {
            sender.send(count + 1);
        }
    }
}
