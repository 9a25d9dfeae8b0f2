//! Items, imports and attributes inside a body.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "inner_attribute",
        || show(inner_attribute()),
        &[Success(&[])],
    ),
    form(
        "function_inside",
        || show(function_inside(3)),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "item_after_its_use",
        || show(item_after_its_use()),
        &[Success(&[])],
    ),
    form(
        "struct_and_impl_inside",
        || show(struct_and_impl_inside(2)),
        &[Success(&[])],
    ),
    form("trait_inside", || show(trait_inside(2)), &[Success(&[])]),
    form("enum_inside", || show(enum_inside(true)), &[Success(&[])]),
    form(
        "enum_variants_imported",
        || show(enum_variants_imported(true)),
        &[Success(&[])],
    ),
    form(
        "constant_inside",
        || show(constant_inside()),
        &[Success(&[])],
    ),
    form(
        "static_inside",
        || show((static_inside(), static_inside() > 0).1),
        &[Success(&[]), Success(&[])],
    ),
    form("macro_inside", || show(macro_inside(2)), &[Success(&[])]),
    form("module_inside", || show(module_inside()), &[Success(&[])]),
    form(
        "import_of_a_trait",
        || show(import_of_a_trait("a")),
        &[Success(&[("work.name", "a")])],
    ),
    form("glob_import", || show(glob_import()), &[Success(&[])]),
    form(
        "import_with_another_name",
        || show(import_with_another_name()),
        &[Success(&[])],
    ),
    form(
        "import_in_a_block",
        || show(import_in_a_block()),
        &[Success(&[])],
    ),
    form(
        "operation_inside_an_operation",
        || show(operation_inside_an_operation(2)),
        &[Success(&[("work.count", "2")]), Success(&[])],
    ),
    form(
        "type_alias_inside",
        || show(type_alias_inside(1)),
        &[Success(&[])],
    ),
    form(
        "generic_function_inside",
        || show(generic_function_inside(1_u8)),
        &[Success(&[])],
    ),
    form("constant_block", || show(constant_block()), &[Success(&[])]),
    form(
        "nested_blocks",
        || show(nested_blocks(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "tail_is_a_match",
        || show(tail_is_a_match(Some(4))),
        &[Success(&[])],
    ),
    form(
        "tail_is_a_loop",
        || show(tail_is_a_loop(4)),
        &[Success(&[])],
    ),
    form(
        "tail_is_a_macro",
        || show(tail_is_a_macro(4)),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "tail_is_an_assignment",
        || show(tail_is_an_assignment(&mut 4)),
        &[Success(&[])],
    ),
    form(
        "tail_with_a_semicolon",
        || show(tail_with_a_semicolon()),
        &[Success(&[])],
    ),
    form("only_a_return", || show(only_a_return(3)), &[Success(&[])]),
    form(
        "statement_like_tail",
        || show(statement_like_tail(true)),
        &[Success(&[])],
    ),
    form(
        "attributes_on_statements",
        || show(attributes_on_statements(1)),
        &[Success(&[])],
    ),
    form(
        "file_module_path_and_line",
        || show(file_module_path_and_line()),
        &[Success(&[])],
    ),
    form(
        "any_of_a_type",
        || show(any_of_a_type(1_u8)),
        &[Success(&[])],
    ),
];

#[instrumented_operation(forms::FormRun)]
fn inner_attribute() -> u8 {
    #![allow(unused_variables)]
    //! Documentation from inside.
    let unused = 1;
    2
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn function_inside(count: u32) -> u32 {
    fn half(count: u32) -> Option<u32> {
        let rest = count.checked_sub(1)?;
        return Some(rest / 2);
    }
    half(count).unwrap_or_default()
}

#[instrumented_operation(forms::FormRun)]
fn item_after_its_use() -> u8 {
    return later();
    fn later() -> u8 {
        5
    }
}

#[instrumented_operation(forms::FormRun)]
fn struct_and_impl_inside(count: u32) -> String {
    #[derive(Debug, Clone, Default)]
    struct Held<T> {
        value: T,
    }
    impl<T: std::ops::Add<Output = T> + Copy> Held<T> {
        fn doubled(&self) -> Self {
            Self {
                value: self.value + self.value,
            }
        }
    }
    format!("{:?}", Held { value: count }.doubled())
}

#[instrumented_operation(forms::FormRun)]
fn trait_inside(count: u32) -> u32 {
    trait Twice {
        fn twice(&self) -> u32;
    }
    impl Twice for u32 {
        fn twice(&self) -> u32 {
            self * 2
        }
    }
    count.twice()
}

#[instrumented_operation(forms::FormRun)]
fn enum_inside(first: bool) -> i32 {
    #[repr(i32)]
    enum Side {
        Left = 3,
        Right = 4,
    }
    let side = if first { Side::Left } else { Side::Right };
    side as i32
}

#[instrumented_operation(forms::FormRun)]
fn enum_variants_imported(first: bool) -> &'static str {
    enum Answer {
        Ok,
        Err,
        None,
        Some,
    }
    use Answer::*;
    let answer = if first { Ok } else { None };
    match answer {
        Ok => "ok",
        Err => "err",
        None => "none",
        Some => "some",
    }
}

#[instrumented_operation(forms::FormRun)]
fn constant_inside() -> usize {
    const WIDTH: usize = HEIGHT * 2;
    const HEIGHT: usize = 2;
    [0; WIDTH].len()
}

#[instrumented_operation(forms::FormRun)]
fn static_inside() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(1);
    CALLS.fetch_add(1, Ordering::Relaxed)
}

#[instrumented_operation(forms::FormRun)]
fn macro_inside(count: u32) -> u32 {
    macro_rules! add {
        ($left:expr, $right:expr) => {
            $left + $right
        };
        (@leave $value:expr) => {
            return $value
        };
    }
    if count > 100 {
        add!(@leave 1);
    }
    add!(count, 1)
}

#[instrumented_operation(forms::FormRun)]
fn module_inside() -> u32 {
    mod inner {
        pub(super) fn seven() -> u32 {
            7
        }
    }
    inner::seven()
}

#[instrumented_operation(forms::FormRun, work.name = name)]
fn import_of_a_trait(name: &str) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let _ = write!(text, "<{name}>");
    text
}

#[instrumented_operation(forms::FormRun)]
fn glob_import() -> Vec<u8> {
    use std::io::prelude::*;
    let mut written = Vec::new();
    written.write_all(b"ab").expect("a vector takes everything");
    written
}

#[instrumented_operation(forms::FormRun)]
fn import_with_another_name() -> usize {
    use std::collections::{BTreeMap as Map, BTreeSet as Set};
    let map: Map<u8, Set<u8>> = Map::new();
    map.len()
}

#[instrumented_operation(forms::FormRun)]
fn import_in_a_block() -> String {
    let text = {
        use std::fmt::Result as Outcome;
        let outcome: Outcome = Ok(());
        format!("{outcome:?}")
    };
    text
}

#[instrumented_operation(forms::FormRun)]
fn operation_inside_an_operation(count: u32) -> u32 {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn inner(count: u32) -> u32 {
        count + 1
    }
    inner(count) * 10
}

#[instrumented_operation(forms::FormRun)]
fn type_alias_inside(count: u8) -> Vec<u8> {
    type List<T> = Vec<T>;
    let list: List<u8> = vec![count];
    list
}

#[instrumented_operation(forms::FormRun)]
fn generic_function_inside(value: u8) -> (u8, u8) {
    fn twice<T: Clone>(value: T) -> (T, T) {
        (value.clone(), value)
    }
    twice(value)
}

#[instrumented_operation(forms::FormRun)]
fn constant_block() -> usize {
    let size = const { size_of::<u64>() * 2 };
    size
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn nested_blocks(count: u32) -> u32 {
    {
        let count = count + 1;
        {
            let count = { count * 2 };
            { count }
        }
    }
}

#[instrumented_operation(forms::FormRun)]
fn tail_is_a_match(value: Option<u8>) -> &'static str {
    match value {
        Some(0..=3) => "small",
        Some(n) if n % 2 == 0 => "even",
        Some(_) => "odd",
        None => "none",
    }
}

#[instrumented_operation(forms::FormRun)]
fn tail_is_a_loop(mut count: u32) -> u32 {
    loop {
        count += 1;
        if count % 5 == 0 {
            break count;
        }
    }
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn tail_is_a_macro(count: u32) -> String {
    format!("{count}")
}

#[instrumented_operation(forms::FormRun)]
fn tail_is_an_assignment(count: &mut u32) {
    *count += 1
}

#[instrumented_operation(forms::FormRun)]
fn tail_with_a_semicolon() {
    note("end");
}

#[instrumented_operation(forms::FormRun)]
fn only_a_return(count: u8) -> u8 {
    return count;
}

#[instrumented_operation(forms::FormRun)]
fn statement_like_tail(first: bool) -> u8 {
    if first {
        note("first");
    }
    if first { 1 } else { 2 }
}

#[instrumented_operation(forms::FormRun)]
fn attributes_on_statements(count: u8) -> u8 {
    #[cfg(any())]
    compile_error!("configured out");
    #[allow(unused_mut)]
    let mut result = count;
    #[rustfmt::skip]
    let more = [
        #[cfg(not(any()))] 1,
        #[cfg(any())] 2,
    ];
    result + more[0]
}

#[instrumented_operation(forms::FormRun)]
fn file_module_path_and_line() -> (&'static str, bool, u32) {
    let path = module_path!();
    (file!(), path.ends_with("bodies"), line!())
}

#[instrumented_operation(forms::FormRun)]
fn any_of_a_type(value: u8) -> bool {
    let value: &dyn std::any::Any = &value;
    value.is::<u8>()
}
