//! Names that a body brings into scope and that the signature also uses. See row 4 of the log of failures in
//! `docs/differential.md`.

use super::prelude::*;

const BROKEN: &[Operation] = &[Failure("broken", &[]), Cancelled(&[])];

pub(crate) const FORMS: &[Form] = &[
    form(
        "imports_result",
        || drive!(imports_result(b"ab")),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "imports_result_and_fails",
        || drive!(imports_result_and_fails()),
        BROKEN,
    ),
    form(
        "imports_result_as_option",
        || drive!(imports_result_as_option()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "shadows_the_returned_type",
        || drive!(shadows_the_returned_type()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "shadows_the_module_of_the_returned_type",
        || drive!(shadows_the_module_of_the_returned_type()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "defines_an_alias_named_vec",
        || drive!(defines_an_alias_named_vec()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "shadows_the_length_of_the_returned_array",
        || drive!(shadows_the_length_of_the_returned_array()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "defines_a_trait_named_display",
        || drive!(async { defines_a_trait_named_display().await.to_string() }),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "imports_by_a_glob",
        || drive!(imports_by_a_glob()),
        SUCCESS_AND_CANCELLED,
    ),
];

#[instrumented_operation(forms::FormRun, err(|_| forms::ErrorType::Late))]
async fn imports_result(mut bytes: &[u8]) -> Result<u8, std::fmt::Error> {
    use std::io::{Read, Result};
    fn first(from: &mut impl Read) -> Result<u8> {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        Ok(byte[0])
    }
    pause().await;
    Ok(first(&mut bytes).unwrap_or_default())
}

#[instrumented_operation(forms::FormRun)]
async fn imports_result_and_fails() -> Result<u8, Broken> {
    use std::fmt::Result;
    let formatted: Result = Ok(());
    note(show(formatted));
    pause().await;
    Err(Broken)
}

#[instrumented_operation(forms::FormRun)]
async fn imports_result_as_option() -> Option<u8> {
    use std::fmt::Result as Option;
    let formatted: Option = Ok(());
    note(show(formatted));
    pause().await;
    Some(1)
}

#[derive(Debug)]
struct Item(u8);

#[instrumented_operation(forms::FormRun)]
async fn shadows_the_returned_type() -> Item {
    type Outer = super::shadowing_bodies::Item;
    #[derive(Debug)]
    struct Item;
    note(show(Item));
    pause().await;
    super::shadowing_bodies::Item(1)
}

mod inner {
    #[derive(Debug)]
    pub(super) struct Made(pub(super) u8);

    pub(super) fn made() -> Made {
        Made(2)
    }
}

#[instrumented_operation(forms::FormRun)]
async fn shadows_the_module_of_the_returned_type() -> inner::Made {
    use self::inner::made;
    mod inner {
        pub(super) const WIDTH: u8 = 3;
    }
    pause().await;
    let mut made = made();
    made.0 += inner::WIDTH;
    made
}

#[instrumented_operation(forms::FormRun)]
async fn defines_an_alias_named_vec() -> Vec<u8> {
    type Vec = [u8; 2];
    let items: Vec = [1, 2];
    pause().await;
    items.to_vec()
}

const WIDTH: usize = 2;

#[instrumented_operation(forms::FormRun)]
async fn shadows_the_length_of_the_returned_array() -> [u8; WIDTH] {
    const WIDTH: u8 = 9;
    pause().await;
    [WIDTH, WIDTH]
}

use std::fmt::Display;

#[instrumented_operation(forms::FormRun)]
async fn defines_a_trait_named_display() -> Box<dyn Display> {
    trait Display {
        fn number(&self) -> u8 {
            4
        }
    }
    impl Display for () {}
    pause().await;
    Box::new(().number())
}

mod globbed {
    pub(super) type Result = u8;
    pub(super) type Option = u16;
    pub(super) type Vec = u32;
}

#[instrumented_operation(forms::FormRun)]
async fn imports_by_a_glob() -> Result<Option<Vec<u8>>, Broken> {
    use globbed::*;
    let sum: (Result, Option, Vec) = (1, 2, 3);
    note(show(sum));
    pause().await;
    Ok(None)
}
