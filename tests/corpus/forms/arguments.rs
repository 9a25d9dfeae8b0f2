//! Attributes read the arguments. See rows 1 and 10 of the log of failures in `docs/differential.md`.

use super::prelude::*;

const ABC: &[Operation] = &[
    Success(&[("work.name", " abc ")]),
    Cancelled(&[("work.name", " abc ")]),
];

pub(crate) const FORMS: &[Form] = &[
    form(
        "shadowed_before_the_future",
        || drive!(shadowed_before_the_future(" abc ")),
        ABC,
    ),
    form(
        "shadowed_before_a_boxed_future",
        || drive!(shadowed_before_a_boxed_future(" abc ")),
        ABC,
    ),
    form(
        "shadowed_by_another_type",
        || drive!(shadowed_by_another_type(" abc ")),
        ABC,
    ),
    form(
        "shadowed_by_a_pattern",
        || drive!(shadowed_by_a_pattern(" abc ", 3)),
        ABC,
    ),
    form(
        "shadowed_by_an_unrelated_value",
        || drive!(shadowed_by_an_unrelated_value(7)),
        &[
            Success(&[("work.count", "7")]),
            Cancelled(&[("work.count", "7")]),
        ],
    ),
    form(
        "shadowed_pattern_argument",
        || drive!(shadowed_pattern_argument((" abc ", 3))),
        ABC,
    ),
    form(
        "shadowed_in_a_service",
        || drive!(Call::call(&mut Service("own"), String::from(" abc "))),
        ABC,
    ),
    form(
        "cloned_self_before_the_future",
        || drive!(Service("own").cloned_self_before_the_future()),
        &[
            Success(&[("work.name", "own")]),
            Cancelled(&[("work.name", "own")]),
        ],
    ),
    form(
        "changed_before_the_future",
        || drive!(changed_before_the_future(7)),
        &[
            Success(&[("work.count", "7")]),
            Cancelled(&[("work.count", "7")]),
        ],
    ),
    form(
        "changed_self_before_the_future",
        || drive!(Counter(7).changed_self_before_the_future()),
        &[
            Success(&[("work.count", "7")]),
            Cancelled(&[("work.count", "7")]),
        ],
    ),
    form(
        "moved_before_the_future",
        || drive!(moved_before_the_future(String::from(" abc "))),
        ABC,
    ),
    form(
        "moved_before_a_boxed_future",
        || drive!(moved_before_a_boxed_future(String::from(" abc "))),
        ABC,
    ),
    form(
        "moved_by_shadowing",
        || drive!(moved_by_shadowing(String::from(" abc "))),
        ABC,
    ),
    form(
        "moved_in_part",
        || drive!(moved_in_part((String::from(" abc "), Noisy("held")))),
        ABC,
    ),
    form(
        "exclusive_self_in_ok",
        || show(Counter(7).exclusive_self_in_ok()),
        &[Success(&[("work.count", "8")])],
    ),
    form(
        "exclusive_argument_in_ok",
        || {
            let mut items = vec![1];
            exclusive_argument_in_ok(&mut items);
            show(items)
        },
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "exclusive_argument_of_a_method_in_ok",
        || show(Counter(7).exclusive_argument_of_a_method_in_ok(&mut 1)),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "async_exclusive_self_in_ok",
        || drive!(Counter(7).async_exclusive_self_in_ok()),
        &[Success(&[("work.count", "8")]), Cancelled(&[])],
    ),
];

#[instrumented_operation(forms::FormRun, work.name = name)]
fn shadowed_before_the_future(name: &'static str) -> impl Future<Output = usize> {
    let name = name.trim();
    async move {
        pause().await;
        name.len()
    }
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn shadowed_before_a_boxed_future(name: &str) -> Pin<Box<dyn Future<Output = usize> + '_>> {
    let name = name.trim();
    Box::pin(async move {
        pause().await;
        name.len()
    })
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn shadowed_by_another_type(name: &'static str) -> impl Future<Output = Option<usize>> {
    let name = Some(name.len());
    async move {
        pause().await;
        name
    }
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn shadowed_by_a_pattern(name: &'static str, count: u8) -> impl Future<Output = (u8, usize)> {
    let (count, name) = (name.len(), count);
    async move {
        pause().await;
        (name, count)
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn shadowed_by_an_unrelated_value(count: u8) -> impl Future<Output = usize> {
    let start = count;
    let count = "a secret of the body".len();
    async move {
        pause().await;
        count + usize::from(start)
    }
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn shadowed_pattern_argument((name, count): (&'static str, usize)) -> impl Future<Output = usize> {
    let name = &name[..count];
    async move {
        pause().await;
        name.len()
    }
}

trait Call {
    type Future;
    fn call(&mut self, request: String) -> Self::Future;
}

#[derive(Clone)]
struct Service(&'static str);

impl Call for Service {
    type Future = Pin<Box<dyn Future<Output = usize> + Send>>;

    #[instrumented_operation(forms::FormRun, work.name = &request)]
    fn call(&mut self, request: String) -> Self::Future {
        let request = format!("{request} with the secret of {}", self.0);
        Box::pin(async move {
            pause().await;
            request.len()
        })
    }
}

impl Service {
    #[instrumented_operation(forms::FormRun, work.name = self.0)]
    fn cloned_self_before_the_future(&self) -> impl Future<Output = usize> + '_ {
        let this = self.clone();
        let length = this.0.len();
        async move {
            pause().await;
            length + this.0.len()
        }
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn changed_before_the_future(mut count: u8) -> impl Future<Output = u8> {
    count += 1;
    async move {
        pause().await;
        count
    }
}

#[instrumented_operation(forms::FormRun, work.name = &name)]
fn moved_before_the_future(name: String) -> impl Future<Output = usize> {
    let bytes = name.into_bytes();
    async move {
        pause().await;
        bytes.len()
    }
}

#[instrumented_operation(forms::FormRun, work.name = &name)]
fn moved_before_a_boxed_future(name: String) -> Pin<Box<dyn Future<Output = usize> + Send>> {
    let held = std::sync::Arc::new(name);
    Box::pin(async move {
        pause().await;
        held.len()
    })
}

#[instrumented_operation(forms::FormRun, work.name = &name)]
fn moved_by_shadowing(name: String) -> impl Future<Output = usize> {
    let name = name.into_bytes();
    async move {
        pause().await;
        name.len()
    }
}

#[instrumented_operation(forms::FormRun, work.name = &pair.0)]
fn moved_in_part(pair: (String, Noisy)) -> impl Future<Output = usize> {
    let (name, held) = pair;
    async move {
        pause().await;
        held.touch();
        name.len()
    }
}

struct Counter(i64);

impl Counter {
    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn changed_self_before_the_future(&mut self) -> impl Future<Output = i64> + '_ {
        self.0 += 1;
        async move {
            pause().await;
            self.0
        }
    }

    #[instrumented_operation(forms::FormRun, ok(|_| work.count = self.0))]
    fn exclusive_self_in_ok(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }

    #[instrumented_operation(forms::FormRun, ok(|_| work.count = *more))]
    fn exclusive_argument_of_a_method_in_ok(&mut self, more: &mut i64) -> i64 {
        *more += 1;
        self.0 += *more;
        self.0
    }

    #[instrumented_operation(forms::FormRun, ok(|_| work.count = self.0))]
    async fn async_exclusive_self_in_ok(&mut self) -> i64 {
        pause().await;
        self.0 += 1;
        self.0
    }
}

#[instrumented_operation(forms::FormRun, ok(|_| work.count = items.len()))]
fn exclusive_argument_in_ok(items: &mut Vec<u8>) {
    items.push(2);
}
