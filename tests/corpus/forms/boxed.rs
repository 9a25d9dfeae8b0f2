//! Functions that return a boxed future.

use super::prelude::*;

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

pub(crate) const FORMS: &[Form] = &[
    form(
        "boxed_alone",
        || drive!(boxed_alone(2)),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form("boxed_unit", || drive!(boxed_unit()), SUCCESS_AND_CANCELLED),
    form(
        "boxed_borrowing",
        || drive!(boxed_borrowing("abc")),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "boxed_static",
        || drive!(boxed_static(String::from("abc"))),
        &[
            Success(&[("work.name", "abc")]),
            Cancelled(&[("work.name", "abc")]),
        ],
    ),
    form(
        "boxed_after_statements",
        || drive!(boxed_after_statements(2)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_after_a_side_effect",
        || drive!(boxed_after_a_side_effect(&Noisy("seen"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_fallible_ok",
        || drive!(boxed_fallible(1)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_fallible_error",
        || drive!(boxed_fallible(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "boxed_question_mark",
        || drive!(boxed_question_mark("7")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_by_alias",
        || drive!(boxed_by_alias(2)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_by_local_alias",
        || drive!(boxed_by_local_alias(std::rc::Rc::new(1))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_with_full_path",
        || drive!(boxed_with_full_path(3)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_without_move",
        || drive!(boxed_without_move(&3)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_dropping_arguments",
        || drive!(boxed_dropping_arguments(Noisy("a"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_method",
        || drive!(Service(7).call("x")),
        &[
            Success(&[("work.name", "x")]),
            Cancelled(&[("work.name", "x")]),
        ],
    ),
    form(
        "boxed_mut_method",
        || drive!(Service(7).call_mut()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_associated_type",
        || drive!(Call::call_once(&Service(7), 1)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_generic",
        || drive!(boxed_generic(vec![1_u8, 2])),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_early_inside",
        || drive!(boxed_early_inside(0)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "boxed_closure_before",
        || drive!(boxed_closure_before(2)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "fails_in_the_future",
        || drive!(fails_in_the_future()),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "boxed_generic_output",
        || drive!(boxed_generic_output(7_u8)),
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun, work.count = count)]
fn boxed_alone(count: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move {
        pause().await;
        count + 1
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_unit() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async {
        pause().await;
        note("done");
    })
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn boxed_borrowing<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    Box::pin(async move {
        pause().await;
        &text[1..]
    })
}

#[instrumented_operation(forms::FormRun, work.name = &text)]
fn boxed_static(text: String) -> Pin<Box<dyn Future<Output = usize> + Send + 'static>> {
    Box::pin(async move {
        pause().await;
        text.len()
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_after_statements(count: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    let doubled = count * 2;
    let held = Noisy("held");
    Box::pin(async move {
        pause().await;
        held.touch();
        doubled
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_after_a_side_effect<'a>(
    seen: &'a Noisy,
) -> Pin<Box<dyn Future<Output = &'static str> + 'a>> {
    seen.touch();
    Box::pin(async move {
        pause().await;
        seen.touch()
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_fallible(count: u32) -> Pin<Box<dyn Future<Output = Result<u32, Broken>> + Send>> {
    Box::pin(async move {
        pause().await;
        if count == 0 {
            return Err(Broken);
        }
        Ok(count)
    })
}

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
fn boxed_question_mark<'a>(
    text: &'a str,
) -> Pin<Box<dyn Future<Output = Result<u8, std::num::ParseIntError>> + 'a>> {
    Box::pin(async move {
        pause().await;
        let number: u8 = text.parse()?;
        Ok(number + 1)
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_by_alias(count: u32) -> BoxFuture<'static, u32> {
    Box::pin(async move {
        pause().await;
        count
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_by_local_alias<'a>(count: std::rc::Rc<u8>) -> LocalBoxFuture<'a, u8> {
    Box::pin(async move {
        pause().await;
        *count
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_with_full_path(
    count: u32,
) -> std::pin::Pin<std::boxed::Box<dyn std::future::Future<Output = u32>>> {
    std::boxed::Box::pin(async move {
        pause().await;
        count
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_without_move<'a>(count: &'a u32) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
    Box::pin(async {
        pause().await;
        *count
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_dropping_arguments(argument: Noisy) -> Pin<Box<dyn Future<Output = &'static str>>> {
    Box::pin(async move {
        pause().await;
        argument.touch()
    })
}

struct Service(u32);

impl Service {
    #[instrumented_operation(forms::FormRun, work.name = name)]
    fn call<'a>(&'a self, name: &'a str) -> BoxFuture<'a, usize> {
        Box::pin(async move {
            pause().await;
            name.len() + self.0 as usize
        })
    }

    #[instrumented_operation(forms::FormRun)]
    fn call_mut(&mut self) -> BoxFuture<'_, u32> {
        self.0 += 1;
        Box::pin(async move {
            pause().await;
            self.0 += 1;
            self.0
        })
    }
}

trait Call {
    type Future: Future<Output = u32>;
    fn call_once(&self, count: u32) -> Self::Future;
}

impl Call for Service {
    type Future = Pin<Box<dyn Future<Output = u32> + Send>>;

    #[instrumented_operation(forms::FormRun)]
    fn call_once(&self, count: u32) -> Self::Future {
        let own = self.0;
        Box::pin(async move {
            pause().await;
            own + count
        })
    }
}

#[instrumented_operation(forms::FormRun)]
fn boxed_generic<'a, I>(items: I) -> Pin<Box<dyn Future<Output = Vec<I::Item>> + 'a>>
where
    I: IntoIterator + 'a,
{
    Box::pin(async move {
        pause().await;
        items.into_iter().collect::<Vec<_>>()
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_early_inside(count: u32) -> Pin<Box<dyn Future<Output = Option<u32>>>> {
    Box::pin(async move {
        pause().await;
        let rest = count.checked_sub(1)?;
        Some(rest)
    })
}

#[instrumented_operation(forms::FormRun)]
fn boxed_closure_before(count: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    let add = move |more: u32| {
        if more == 0 {
            return count;
        }
        count + more
    };
    Box::pin(async move {
        pause().await;
        add(0) + add(1)
    })
}

#[instrumented_operation(forms::FormRun)]
fn fails_in_the_future() -> Pin<Box<dyn Future<Output = Result<u8, Broken>>>> {
    Box::pin(async move {
        pause().await;
        Err(Broken)
    })
}

#[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
fn boxed_generic_output<'a, T: 'a>(value: T) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(async move {
        pause().await;
        value
    })
}
