//! Return types that their names do not explain: type parameters, names of one letter, types named like a future. See rows
//! 2 and 7 of the log of failures in `docs/differential.md`.

use super::prelude::*;

const BROKEN: &[Operation] = &[Failure("broken", &[])];

type R<T> = Result<T, Broken>;
type O<T> = Option<T>;

#[derive(Debug, Clone)]
struct P {
    x: u8,
}

#[derive(Debug)]
enum T {
    One,
}

#[derive(Debug)]
struct Future<Of>(Of);

#[derive(Debug)]
struct BoxFuture {
    delivery: u8,
}

pub(crate) const FORMS: &[Form] = &[
    form(
        "fragment_parameter_fails",
        || show(fragment_parameter(Err::<u8, _>(Broken))),
        BROKEN,
    ),
    form(
        "fragment_parameter_succeeds",
        || show(fragment_parameter(Ok::<u8, Broken>(1))),
        SUCCESS,
    ),
    form(
        "fragment_parameter_async",
        || drive!(fragment_parameter_async(Err::<u8, _>(Broken))),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "one_letter_result_ok",
        || show(one_letter_result(1)),
        SUCCESS,
    ),
    form(
        "one_letter_result_error",
        || show(one_letter_result(0)),
        BROKEN,
    ),
    form("one_letter_option", || show(one_letter_option(1)), SUCCESS),
    form("one_letter_struct", || show(one_letter_struct(1)), SUCCESS),
    form("one_letter_enum", || show(one_letter_enum()), SUCCESS),
    form(
        "one_letter_result_async",
        || drive!(one_letter_result_async(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "one_letter_result_in_a_boxed_future",
        || drive!(one_letter_result_in_a_boxed_future(0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "one_letter_result_in_an_impl",
        || show(P { x: 0 }.one_letter_result_in_an_impl()),
        &[Failure("broken", &[]), Failure("broken", &[])],
    ),
    form(
        "one_letter_type_of_self",
        || show(P { x: 0 }.one_letter_type_of_self()),
        SUCCESS,
    ),
    form("type_named_future", || show(type_named_future(1)), SUCCESS),
    form(
        "type_named_future_in_a_result",
        || show(type_named_future_in_a_result(0)),
        BROKEN,
    ),
    form(
        "type_named_future_in_a_box",
        || show(type_named_future_in_a_box(1)),
        SUCCESS,
    ),
    form(
        "type_named_box_future",
        || show(type_named_box_future(1)),
        SUCCESS,
    ),
    form(
        "parameter_of_the_impl_fails",
        || show(Runner(|| Err::<u8, _>(Broken)).run()),
        BROKEN,
    ),
    form(
        "parameter_of_the_impl_succeeds",
        || show(Runner(|| Ok::<u8, Broken>(1)).run()),
        SUCCESS,
    ),
    form(
        "parameter_of_the_impl_async",
        || drive!(Runner(|| Err::<u8, _>(Broken)).run_async()),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "parameter_of_the_trait",
        || show(Runner(|| Err::<u8, _>(Broken)).produced()),
        BROKEN,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn one_letter_result(count: u8) -> R<u8> {
    count.checked_sub(1).ok_or(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn one_letter_option(count: u8) -> O<u8> {
    count.checked_sub(1)
}

#[instrumented_operation(forms::FormRun)]
fn one_letter_struct(x: u8) -> P {
    P { x }
}

#[instrumented_operation(forms::FormRun)]
fn one_letter_enum() -> T {
    T::One
}

#[instrumented_operation(forms::FormRun)]
async fn one_letter_result_async(count: u8) -> R<u8> {
    pause().await;
    let rest = count.checked_sub(1).ok_or(Broken)?;
    Ok(rest)
}

#[instrumented_operation(forms::FormRun)]
fn one_letter_result_in_a_boxed_future(
    count: u8,
) -> Pin<Box<dyn std::future::Future<Output = R<u8>>>> {
    Box::pin(async move {
        pause().await;
        count.checked_sub(1).ok_or(Broken)
    })
}

impl P {
    #[instrumented_operation(forms::FormRun)]
    fn one_letter_result_in_an_impl(&self) -> R<u8> {
        one_letter_result(self.x)?;
        Ok(self.x)
    }

    #[instrumented_operation(forms::FormRun)]
    fn one_letter_type_of_self(&self) -> P {
        self.clone()
    }
}

#[instrumented_operation(forms::FormRun)]
fn type_named_future(count: u8) -> Future<u8> {
    Future(count)
}

#[instrumented_operation(forms::FormRun)]
fn type_named_future_in_a_result(count: u8) -> Result<Future<u8>, Broken> {
    count.checked_sub(1).map(Future).ok_or(Broken)
}

#[instrumented_operation(forms::FormRun)]
fn type_named_future_in_a_box(count: u8) -> Box<Future<u8>> {
    Box::new(Future(count))
}

#[instrumented_operation(forms::FormRun)]
fn type_named_box_future(delivery: u8) -> BoxFuture {
    BoxFuture { delivery }
}

#[allow(dead_code)] // Only attributes use these.
trait MayFail {
    fn failed(&self) -> bool;
}

impl<Value> MayFail for Result<Value, Broken> {
    fn failed(&self) -> bool {
        self.is_err()
    }
}

struct Runner<Make>(Make);

impl<Make, Out> Runner<Make>
where
    Make: Fn() -> Out,
    Out: MayFail,
{
    #[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
    fn run(&self) -> Out {
        (self.0)()
    }

    #[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
    async fn run_async(&self) -> Out {
        pause().await;
        (self.0)()
    }
}

trait Produce<Out> {
    fn produced(&self) -> Out;
}

impl<Make, Out> Produce<Out> for Runner<Make>
where
    Make: Fn() -> Out,
    Out: MayFail,
{
    #[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
    fn produced(&self) -> Out {
        (self.0)()
    }
}

macro_rules! fragment_of_a_parameter {
    ($name:ident, $async_name:ident, $parameter:ident, $ret:ty) => {
        #[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
        fn $name<$parameter: MayFail>(value: $ret) -> $ret {
            value
        }

        #[instrumented_operation(forms::FormRun, err(|value| value.failed().then_some(forms::ErrorType::Broken)))]
        async fn $async_name<$parameter: MayFail>(value: $ret) -> $ret {
            pause().await;
            value
        }
    };
}
fragment_of_a_parameter!(fragment_parameter, fragment_parameter_async, Out, Out);
