//! Functions that call themselves and each other.

use super::prelude::*;

const THREE: &[Operation] = &[
    Success(&[("work.count", "0")]),
    Success(&[("work.count", "1")]),
    Success(&[("work.count", "2")]),
];

const THREE_CANCELLED: &[Operation] = &[
    Success(&[("work.count", "0")]),
    Success(&[("work.count", "1")]),
    Success(&[("work.count", "2")]),
    Cancelled(&[("work.count", "0")]),
    Cancelled(&[("work.count", "1")]),
    Cancelled(&[("work.count", "2")]),
];

pub(crate) const FORMS: &[Form] = &[
    form("recursion", || show(recursion(2)), THREE),
    form("mutual_recursion", || show(even(2)), THREE),
    form(
        "recursion_with_a_failure",
        || show(recursion_with_a_failure(2)),
        &[
            Failure("broken", &[("work.count", "0")]),
            Failure("broken", &[("work.count", "1")]),
            Failure("broken", &[("work.count", "2")]),
        ],
    ),
    form(
        "recursion_of_a_method",
        || {
            show(
                Tree {
                    left: Some(Box::new(Tree { left: None })),
                }
                .depth(),
            )
        },
        &[Success(&[]), Success(&[])],
    ),
    form(
        "recursion_through_a_function_pointer",
        || show(recursion_through_a_function_pointer(1, |count| count + 1)),
        &[
            Success(&[("work.count", "0")]),
            Success(&[("work.count", "1")]),
        ],
    ),
    form(
        "recursion_of_a_generic",
        || show(recursion_of_a_generic(&[1, 2])),
        &[
            Success(&[("work.count", "0")]),
            Success(&[("work.count", "1")]),
            Success(&[("work.count", "2")]),
        ],
    ),
    form(
        "recursion_with_drops",
        || show(recursion_with_drops(1, Noisy("argument"))),
        &[
            Success(&[("work.count", "0")]),
            Success(&[("work.count", "1")]),
        ],
    ),
    form(
        "recursion_inside_a_body",
        || show(recursion_inside_a_body(4)),
        &[Success(&[])],
    ),
    form(
        "async_recursion",
        || drive!(async_recursion(2)),
        THREE_CANCELLED,
    ),
    form(
        "async_recursion_with_a_failure",
        || show(block_on(async_recursion_with_a_failure(1))),
        &[
            Failure("broken", &[("work.count", "0")]),
            Failure("broken", &[("work.count", "1")]),
        ],
    ),
    form(
        "async_recursion_of_a_method",
        || {
            drive!(
                Tree {
                    left: Some(Box::new(Tree { left: None }))
                }
                .async_depth()
            )
        },
        &[Success(&[]), Success(&[]), Cancelled(&[]), Cancelled(&[])],
    ),
    form(
        "boxed_recursion",
        || drive!(boxed_recursion(2)),
        THREE_CANCELLED,
    ),
    form("recursion_of_a_trait", || show(2_u8.counted()), THREE),
];

#[instrumented_operation(forms::FormRun, work.count = count)]
fn recursion(count: u64) -> u64 {
    if count == 0 {
        1
    } else {
        count * recursion(count - 1)
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn even(count: u8) -> bool {
    count == 0 || odd(count - 1)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn odd(count: u8) -> bool {
    count != 0 && even(count - 1)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn recursion_with_a_failure(count: u8) -> Result<u8, Broken> {
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(recursion_with_a_failure(rest)? + 1)
}

struct Tree {
    left: Option<Box<Tree>>,
}

impl Tree {
    #[instrumented_operation(forms::FormRun)]
    fn depth(&self) -> usize {
        1 + self.left.as_ref().map_or(0, |left| left.depth())
    }

    #[instrumented_operation(forms::FormRun)]
    async fn async_depth(&self) -> usize {
        match &self.left {
            Some(left) => 1 + Box::pin(left.async_depth()).await,
            None => {
                pause().await;
                1
            }
        }
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn recursion_through_a_function_pointer(count: u8, step: fn(u8) -> u8) -> u8 {
    if count == 0 {
        return step(0);
    }
    let again: fn(u8, fn(u8) -> u8) -> u8 = recursion_through_a_function_pointer;
    step(again(count - 1, step))
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn recursion_of_a_generic<T: Copy>(items: &[T]) -> Vec<T> {
    match items {
        [] => Vec::new(),
        [first, rest @ ..] => {
            let mut more = recursion_of_a_generic(rest);
            more.push(*first);
            more
        }
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn recursion_with_drops(count: u8, argument: Noisy) -> u8 {
    argument.touch();
    let _local = Noisy("local");
    if count == 0 {
        return 0;
    }
    recursion_with_drops(count - 1, Noisy("inner argument"))
}

#[instrumented_operation(forms::FormRun)]
fn recursion_inside_a_body(count: u8) -> u8 {
    fn halved(count: u8) -> u8 {
        if count < 2 { 0 } else { 1 + halved(count / 2) }
    }
    halved(count)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_recursion(count: u64) -> u64 {
    if count == 0 {
        pause().await;
        return 1;
    }
    count * Box::pin(async_recursion(count - 1)).await
}

#[instrumented_operation(forms::FormRun, work.count = count)]
async fn async_recursion_with_a_failure(count: u8) -> Result<u8, Broken> {
    let rest = count.checked_sub(1).ok_or(Broken)?;
    let inner = Box::pin(async_recursion_with_a_failure(rest)).await?;
    Ok(inner + 1)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn boxed_recursion(count: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move {
        if count == 0 {
            pause().await;
            return 1;
        }
        count * boxed_recursion(count - 1).await
    })
}

trait Counted {
    fn counted(&self) -> u8;
}

impl Counted for u8 {
    #[instrumented_operation(forms::FormRun, work.count = *self)]
    fn counted(&self) -> u8 {
        if *self == 0 {
            0
        } else {
            1 + (self - 1).counted()
        }
    }
}
