//! Closures as returned values and as arguments.

use super::prelude::*;
use std::cmp::Ordering;

pub(crate) const FORMS: &[Form] = &[
    form(
        "closure_returned",
        || show(closure_returned(2)(3_u8)),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "closure_with_typed_argument",
        || show(closure_with_typed_argument()("abc")),
        &[Success(&[])],
    ),
    form(
        "closure_mut",
        || {
            let mut next = closure_mut(1);
            show((next(), next()))
        },
        &[Success(&[])],
    ),
    form(
        "closure_once",
        || show(closure_once(Noisy("moved"))()),
        &[Success(&[])],
    ),
    form(
        "closure_boxed",
        || show(closure_boxed(2)(3)),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "closure_boxed_mut",
        || {
            let mut add = closure_boxed_mut();
            show((add(1), add(2)))
        },
        &[Success(&[])],
    ),
    form(
        "closure_boxed_once",
        || show(closure_boxed_once(Noisy("moved"))()),
        &[Success(&[])],
    ),
    form(
        "closure_by_let",
        || show(closure_by_let()("abc")),
        &[Success(&[])],
    ),
    form(
        "closure_shared",
        || show(std::sync::Arc::clone(&closure_shared(2))(3)),
        &[Success(&[])],
    ),
    form(
        "closure_borrowing",
        || show(closure_borrowing("abc")('b')),
        &[Success(&[("work.name", "abc")])],
    ),
    form(
        "closure_with_exits",
        || show(closure_with_exits()(&["x", "1"])),
        &[Success(&[])],
    ),
    form(
        "closure_in_a_result",
        || show(closure_in_a_result(1).map(|add| add(1))),
        &[Success(&[])],
    ),
    form(
        "closure_in_a_tuple",
        || {
            let (first, second) = closure_in_a_tuple();
            show((first(1), second(1)))
        },
        &[Success(&[])],
    ),
    form(
        "closure_to_function_pointer",
        || show(closure_to_function_pointer()(3)),
        &[Success(&[])],
    ),
    form(
        "closure_taken",
        || show(closure_taken(|count| count * 2)),
        &[Success(&[])],
    ),
    form(
        "closure_taken_mut",
        || {
            let mut seen = vec![];
            closure_taken_mut(|count| seen.push(count));
            show(seen)
        },
        &[Success(&[])],
    ),
    form(
        "closure_taken_once",
        || {
            let held = Noisy("held");
            show(closure_taken_once(move || held))
        },
        &[Success(&[])],
    ),
    form(
        "closure_taken_dyn",
        || show(closure_taken_dyn(&|count| count + 1)),
        &[Success(&[])],
    ),
    form(
        "closure_taken_dyn_mut",
        || {
            let mut sum = 0;
            closure_taken_dyn_mut(&mut |count| sum += count);
            show(sum)
        },
        &[Success(&[])],
    ),
    form(
        "closure_traits",
        || auto_traits!(closure_once(Noisy("moved"))),
        &[Success(&[])],
    ),
    form(
        "comparator",
        || {
            let mut items = [3, 1, 2];
            items.sort_by(comparator(true));
            show(items)
        },
        &[Success(&[])],
    ),
    form(
        "returns_early_inside",
        || show(returns_early_inside(&[1, 5, 9])),
        &[Success(&[])],
    ),
    form(
        "composed",
        || show(composed(|n: u8| n + 1, |n: u8| n.to_string())(4)),
        &[Success(&[])],
    ),
    form(
        "infers_in_a_result",
        || show(infers_in_a_result(true).map(|measure| measure("abc"))),
        SUCCESS,
    ),
    form(
        "infers_in_an_option",
        || show(infers_in_an_option().map(|measure| measure("abc"))),
        SUCCESS,
    ),
    form(
        "infers_in_a_box",
        || show(infers_in_a_box()("abc")),
        SUCCESS,
    ),
    form(
        "infers_in_an_rc",
        || show(infers_in_an_rc()("abc")),
        SUCCESS,
    ),
    form(
        "infers_with_an_early_return",
        || show(infers_with_an_early_return(false)("abc")),
        SUCCESS,
    ),
    form(
        "factory_in_an_arc",
        || {
            let make = factory_in_an_arc();
            show(block_on(make(3)))
        },
        SUCCESS,
    ),
    form(
        "function_that_makes_futures",
        || show(block_on(function_that_makes_futures()(3))),
        SUCCESS,
    ),
    form(
        "iterator_of_closures",
        || {
            show(
                iterator_of_closures()
                    .map(|measure| measure("abc"))
                    .collect::<Vec<_>>(),
            )
        },
        SUCCESS,
    ),
];

#[instrumented_operation(forms::FormRun, work.count = more)]
fn closure_returned(more: u8) -> impl Fn(u8) -> u8 {
    move |count: u8| count + more
}

#[instrumented_operation(forms::FormRun)]
fn closure_with_typed_argument() -> impl Fn(&str) -> usize {
    |text: &str| text.len()
}

#[instrumented_operation(forms::FormRun)]
fn closure_mut(start: u8) -> impl FnMut() -> u8 {
    let mut next = start;
    move || {
        next += 1;
        next
    }
}

#[instrumented_operation(forms::FormRun)]
fn closure_once(held: Noisy) -> impl FnOnce() -> &'static str {
    move || held.touch()
}

#[instrumented_operation(forms::FormRun, work.count = more)]
fn closure_boxed(more: u8) -> Box<dyn Fn(u8) -> u8> {
    Box::new(move |count| count + more)
}

#[instrumented_operation(forms::FormRun)]
fn closure_boxed_mut() -> Box<dyn FnMut(u8) -> u8> {
    let mut sum = 0;
    Box::new(move |count| {
        sum += count;
        sum
    })
}

#[instrumented_operation(forms::FormRun)]
fn closure_boxed_once(held: Noisy) -> Box<dyn FnOnce() -> Noisy> {
    Box::new(move || held)
}

#[instrumented_operation(forms::FormRun)]
fn closure_by_let() -> impl Fn(&str) -> usize {
    let measure = |text: &str| text.len();
    measure
}

#[instrumented_operation(forms::FormRun)]
fn closure_shared(more: u8) -> std::sync::Arc<dyn Fn(u8) -> u8 + Send + Sync> {
    std::sync::Arc::new(move |count| count * more)
}

#[instrumented_operation(forms::FormRun, work.name = text)]
fn closure_borrowing<'a>(text: &'a str) -> impl Fn(char) -> Option<usize> + 'a {
    move |wanted: char| text.find(wanted)
}

#[instrumented_operation(forms::FormRun)]
fn closure_with_exits() -> impl Fn(&[&str]) -> Option<u8> {
    |texts: &[&str]| {
        if texts.is_empty() {
            return None;
        }
        let last = texts.last()?;
        last.parse().ok()
    }
}

#[instrumented_operation(forms::FormRun)]
fn closure_in_a_result(more: u8) -> Result<impl Fn(u8) -> u8, Broken> {
    if more == 0 {
        return Err(Broken);
    }
    Ok(move |count: u8| count + more)
}

#[instrumented_operation(forms::FormRun)]
fn closure_in_a_tuple() -> (impl Fn(u8) -> u8, impl Fn(u8) -> bool) {
    (|count: u8| count + 1, |count: u8| count > 1)
}

#[instrumented_operation(forms::FormRun)]
fn closure_to_function_pointer() -> fn(u8) -> u8 {
    |count| count + 1
}

#[instrumented_operation(forms::FormRun)]
fn closure_taken(change: impl Fn(u8) -> u8) -> u8 {
    change(1) + change(2)
}

#[instrumented_operation(forms::FormRun)]
fn closure_taken_mut<F: FnMut(u8)>(mut seen: F) {
    seen(1);
    seen(2);
}

#[instrumented_operation(forms::FormRun)]
fn closure_taken_once<F>(make: F) -> Noisy
where
    F: FnOnce() -> Noisy,
{
    make()
}

#[instrumented_operation(forms::FormRun)]
fn closure_taken_dyn(change: &dyn Fn(u8) -> u8) -> u8 {
    change(1)
}

#[instrumented_operation(forms::FormRun)]
fn closure_taken_dyn_mut(seen: &mut dyn FnMut(u8)) {
    seen(1);
    seen(2);
}

#[instrumented_operation(forms::FormRun)]
fn comparator(ascending: bool) -> impl FnMut(&u8, &u8) -> Ordering {
    move |left: &u8, right: &u8| {
        let order = left.cmp(right);
        if ascending { order } else { order.reverse() }
    }
}

#[instrumented_operation(forms::FormRun)]
fn returns_early_inside(items: &[u8]) -> Vec<u8> {
    let halved = |item: &u8| {
        if *item > 8 {
            return None;
        }
        item.checked_div(2)
    };
    items.iter().filter_map(halved).collect()
}

#[instrumented_operation(forms::FormRun)]
fn composed<A, B, C>(first: impl Fn(A) -> B, second: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |input: A| second(first(input))
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_a_result(fine: bool) -> Result<impl Fn(&str) -> usize, Broken> {
    if !fine {
        return Err(Broken);
    }
    Ok(|text: &str| text.len())
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_an_option() -> Option<impl Fn(&str) -> usize> {
    Some(|text: &str| text.len())
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_a_box() -> Box<dyn Fn(&str) -> usize> {
    Box::new(|text| text.len())
}

#[instrumented_operation(forms::FormRun)]
fn infers_in_an_rc() -> std::rc::Rc<dyn Fn(&str) -> usize> {
    std::rc::Rc::new(|text| text.len())
}

#[instrumented_operation(forms::FormRun)]
fn infers_with_an_early_return(nothing: bool) -> Box<dyn Fn(&str) -> usize> {
    if nothing {
        return Box::new(|_| 0);
    }
    Box::new(|text| text.len())
}

#[instrumented_operation(forms::FormRun)]
fn factory_in_an_arc()
-> std::sync::Arc<dyn Fn(u8) -> Pin<Box<dyn Future<Output = u8> + Send>> + Send + Sync> {
    std::sync::Arc::new(|count| Box::pin(async move { count }))
}

#[instrumented_operation(forms::FormRun)]
fn function_that_makes_futures() -> fn(u8) -> Pin<Box<dyn Future<Output = u8>>> {
    |count| Box::pin(async move { count })
}

#[instrumented_operation(forms::FormRun)]
fn iterator_of_closures() -> impl Iterator<Item = Box<dyn Fn(&str) -> usize>> {
    let measures: Vec<Box<dyn Fn(&str) -> usize>> = vec![Box::new(|text| text.len())];
    measures.into_iter()
}
