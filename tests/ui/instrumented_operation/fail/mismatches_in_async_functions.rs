//! Type errors in async bodies are reported on the user's tokens.

use test_vocabulary::forms::{self, instrumented_operation};

#[instrumented_operation(forms::FormRun)]
async fn no_return_type() {
    "text"
}

#[instrumented_operation(forms::FormRun)]
async fn another_type() -> String {
    "text"
}

#[instrumented_operation(forms::FormRun)]
async fn bound_that_does_not_hold() -> impl std::fmt::Display {
    ("text",)
}

struct Wrapper<T>(T);

#[instrumented_operation(forms::FormRun)]
async fn opaque_inside_another_type() -> Wrapper<impl std::fmt::Display> {
    "text"
}

#[instrumented_operation(forms::FormRun)]
async fn early_return_without_a_type(early: bool) {
    if early {
        return "text";
    }
}

#[instrumented_operation(forms::FormRun)]
async fn early_return_of_another_type(early: bool) -> String {
    if early {
        return "text";
    }
    String::new()
}

#[instrumented_operation(forms::FormRun)]
async fn one_semicolon_too_many() -> i32 {
    1;
}

fn main() {}
