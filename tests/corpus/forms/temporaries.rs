//! Temporaries: in tail expressions, conditions and arguments, borrowing arguments and locals.

use super::prelude::*;
use std::cell::RefCell;
use std::sync::Mutex;

pub(crate) const FORMS: &[Form] = &[
    form(
        "temporary_of_an_argument",
        || show(temporary_of_an_argument(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_of_an_owned_argument",
        || show(temporary_of_an_owned_argument(Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_of_a_local_in_a_let",
        || show(temporary_of_a_local_in_a_let()),
        SUCCESS,
    ),
    form(
        "temporary_in_an_if_let",
        || show(temporary_in_an_if_let(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_in_a_condition",
        || show(temporary_in_a_condition(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_in_a_while",
        || show(temporary_in_a_while(&Mutex::new(vec![1, 2]))),
        SUCCESS,
    ),
    form(
        "temporary_extended_by_let",
        || show(temporary_extended_by_let()),
        SUCCESS,
    ),
    form(
        "temporary_in_an_argument",
        || show(temporary_in_an_argument()),
        SUCCESS,
    ),
    form(
        "temporary_in_a_statement",
        || show(temporary_in_a_statement(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_in_a_struct",
        || show(temporary_in_a_struct()),
        SUCCESS,
    ),
    form(
        "temporary_of_a_cell",
        || show(temporary_of_a_cell(&RefCell::new(3))),
        SUCCESS,
    ),
    form(
        "temporary_of_an_owned_cell",
        || show(temporary_of_an_owned_cell(RefCell::new(3))),
        SUCCESS,
    ),
    form(
        "temporary_of_a_lock",
        || show(temporary_of_a_lock(&Mutex::new(String::from("locked")))),
        SUCCESS,
    ),
    form(
        "temporary_of_a_local_lock",
        || show(temporary_of_a_local_lock()),
        SUCCESS,
    ),
    form(
        "temporary_in_a_returned_value",
        || show(temporary_in_a_returned_value(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "temporary_of_self",
        || show(Locked(Noisy("own")).temporary_of_self()),
        SUCCESS,
    ),
    form(
        "temporary_of_owned_self",
        || show(Locked(Noisy("own")).temporary_of_owned_self()),
        SUCCESS,
    ),
    form(
        "temporary_in_an_if_at_the_end",
        || show(temporary_in_an_if_at_the_end(&Noisy("argument"), true)),
        SUCCESS,
    ),
    form(
        "temporary_in_a_format",
        || show(temporary_in_a_format(&Noisy("argument"))),
        SUCCESS,
    ),
    form("temporary_array", || show(temporary_array(2)), SUCCESS),
    form(
        "temporary_promoted_to_static",
        || show(temporary_promoted_to_static()),
        SUCCESS,
    ),
    form(
        "temporary_in_let_else",
        || show(temporary_in_let_else(&Noisy("argument"))),
        SUCCESS,
    ),
    form(
        "async_temporary_of_an_argument",
        || drive!(async_temporary_of_an_argument(&Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_temporary_of_an_owned_argument",
        || drive!(async_temporary_of_an_owned_argument(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_temporary_in_a_match",
        || drive!(async_temporary_in_a_match(&Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "future_temporary",
        || drive!(future_temporary(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun)]
fn temporary_of_an_argument(held: &Noisy) -> usize {
    held.guard().len()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_an_owned_argument(held: Noisy) -> usize {
    held.guard().len()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_a_local_in_a_let() -> usize {
    let local = Noisy("local");
    let length = local.guard().len();
    length
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_an_if_let(held: &Noisy) -> &'static str {
    if let Some(1) = held.guard().len().checked_sub(99) {
        "not here"
    } else {
        note("in else");
        "else"
    }
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_condition(held: &Noisy) -> u8 {
    if held.guard().len() > 3 {
        note("long");
        1
    } else {
        2
    }
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_while(items: &Mutex<Vec<u8>>) -> u8 {
    let mut sum = 0;
    while let Some(item) = { items.lock().expect("not poisoned").pop() } {
        sum += item;
    }
    sum
}

#[instrumented_operation(forms::FormRun)]
fn temporary_extended_by_let() -> &'static str {
    let extended = &Noisy("extended");
    let pair = (&Noisy("in a tuple"), 1);
    note("later");
    pair.0.touch();
    extended.touch()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_an_argument() -> usize {
    fn count(name: &str, noisy: &Noisy) -> usize {
        noisy.touch();
        name.len()
    }
    count(Noisy("name").touch(), &Noisy("borrowed"))
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_statement(held: &Noisy) {
    held.guard().len();
    note("after");
    held.guard();
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_struct() -> usize {
    struct View<'a> {
        of: &'a Noisy,
    }
    View {
        of: &Noisy("viewed"),
    }
    .of
    .touch()
    .len()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_a_cell(cell: &RefCell<u8>) -> u8 {
    *cell.borrow() + *cell.borrow()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_an_owned_cell(cell: RefCell<u8>) -> u8 {
    *cell.borrow_mut() += 1;
    *cell.borrow()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_a_lock(text: &Mutex<String>) -> usize {
    text.lock().expect("not poisoned").len()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_of_a_local_lock() -> usize {
    let text = Mutex::new(String::from("local"));
    let length = text.lock().expect("not poisoned").len();
    length
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_returned_value(held: &Noisy) -> usize {
    let _local = Noisy("local");
    return held.guard().len();
}

struct Locked(Noisy);

impl Locked {
    #[instrumented_operation(forms::FormRun)]
    fn temporary_of_self(&self) -> usize {
        self.0.guard().len()
    }

    #[instrumented_operation(forms::FormRun)]
    fn temporary_of_owned_self(self) -> usize {
        self.0.guard().len()
    }
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_an_if_at_the_end(held: &Noisy, first: bool) -> usize {
    let _local = Noisy("local");
    if first { held.guard().len() } else { 0 }
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_a_format(held: &Noisy) -> String {
    let _local = Noisy("local");
    format!("{:?} {}", held.guard(), Noisy("temporary").touch())
}

#[instrumented_operation(forms::FormRun)]
fn temporary_array(count: usize) -> usize {
    [Noisy("0"), Noisy("1"), Noisy("2")][..count]
        .iter()
        .map(|item| item.touch().len())
        .sum()
}

#[instrumented_operation(forms::FormRun)]
fn temporary_promoted_to_static() -> &'static [u8; 2] {
    &[1, 2]
}

#[instrumented_operation(forms::FormRun)]
fn temporary_in_let_else(held: &Noisy) -> usize {
    let Some(length) = held.guard().len().checked_sub(1) else {
        return 0;
    };
    note("after");
    length
}

#[instrumented_operation(forms::FormRun)]
async fn async_temporary_of_an_argument(held: &Noisy) -> usize {
    pause().await;
    held.guard().len()
}

#[instrumented_operation(forms::FormRun)]
async fn async_temporary_of_an_owned_argument(held: Noisy) -> usize {
    pause().await;
    held.guard().len()
}

#[instrumented_operation(forms::FormRun)]
async fn async_temporary_in_a_match(held: &Noisy) -> &'static str {
    match held.guard().len() {
        8 => {
            pause().await;
            "eight"
        }
        _ => "other",
    }
}

#[instrumented_operation(forms::FormRun)]
fn future_temporary(held: Noisy) -> impl Future<Output = usize> {
    async move {
        pause().await;
        held.guard().len()
    }
}
