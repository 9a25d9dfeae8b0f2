//! Arguments that are patterns.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "pattern_wildcard",
        || show(pattern_wildcard(1, Noisy("wildcard"))),
        SUCCESS,
    ),
    form(
        "pattern_tuple",
        || show(pattern_tuple((1, "a"))),
        &[Success(&[("work.count", "1"), ("work.name", "a")])],
    ),
    form(
        "pattern_nested_tuple",
        || show(pattern_nested_tuple(((1, 2), 3))),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_tuple_with_rest",
        || show(pattern_tuple_with_rest((1, 2, 3, 4))),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "pattern_struct",
        || show(pattern_struct(Point { x: 1, y: 2 })),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_struct_renamed",
        || show(pattern_struct_renamed(Point { x: 1, y: 2 })),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_struct_with_rest",
        || show(pattern_struct_with_rest(Point { x: 1, y: 2 })),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_tuple_struct",
        || show(pattern_tuple_struct(Pair(1, 2))),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_unit_struct",
        || show(pattern_unit_struct(Nothing)),
        SUCCESS,
    ),
    form(
        "pattern_reference",
        || show(pattern_reference(&3)),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "pattern_reference_to_tuple",
        || show(pattern_reference_to_tuple(&(1, 2))),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_mut_reference",
        || {
            let mut count = 3;
            pattern_mut_reference((&mut count, 2));
            show(count)
        },
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_mut",
        || show(pattern_mut(3)),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "pattern_mut_inside",
        || show(pattern_mut_inside((3, 4))),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "pattern_ref",
        || show(pattern_ref(String::from("r"))),
        &[Success(&[("work.name", "r")])],
    ),
    form(
        "pattern_ref_mut",
        || show(pattern_ref_mut(vec![1])),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_array",
        || show(pattern_array([1, 2, 3])),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_array_with_rest",
        || show(pattern_array_with_rest([1, 2, 3])),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_slice_of_reference",
        || show(pattern_slice_of_reference(&[1, 2])),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "pattern_bound_by_at",
        || show(pattern_bound_by_at(Pair(1, 2))),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_of_one_variant",
        || show(pattern_of_one_variant(Only::One(5))),
        &[Success(&[("work.count", "5")])],
    ),
    form(
        "pattern_or",
        || show((pattern_or(Side::Left(1)), pattern_or(Side::Right(2)))),
        &[
            Success(&[("work.count", "1")]),
            Success(&[("work.count", "2")]),
        ],
    ),
    form(
        "pattern_in_parentheses",
        || show(pattern_in_parentheses(4)),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "pattern_range_of_all",
        || show(pattern_range_of_all(4)),
        SUCCESS,
    ),
    form(
        "plain_name_of_a_box",
        || show(plain_name_of_a_box(Box::new(4))),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "pattern_of_a_generic",
        || show(pattern_of_a_generic((1_u8, 2_u16))),
        SUCCESS,
    ),
    form(
        "pattern_macro",
        || show(pattern_macro((1, 2))),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_in_a_method",
        || show(Point { x: 1, y: 2 }.moved((3, 4))),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "pattern_with_attributes",
        || show(pattern_with_attributes(1, 2)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "pattern_async",
        || drive!(pattern_async((1, [2, 3]), Pair(4, 5))),
        &[
            Success(&[("work.count", "3")]),
            Cancelled(&[("work.count", "3")]),
        ],
    ),
];

#[derive(Debug)]
struct Point {
    x: i64,
    y: i64,
}

struct Pair(u8, u8);

struct Nothing;

enum Only {
    One(u8),
}

enum Side {
    Left(u8),
    Right(u8),
}

#[instrumented_operation(forms::FormRun)]
fn pattern_wildcard(_: u8, _: Noisy) -> u8 {
    note("body");
    1
}

#[instrumented_operation(forms::FormRun, work.count = count, work.name = name)]
fn pattern_tuple((count, name): (u8, &str)) -> usize {
    name.len() + usize::from(count)
}

#[instrumented_operation(forms::FormRun, work.count = b)]
fn pattern_nested_tuple(((a, b), c): ((u8, u8), u8)) -> u8 {
    a + b + c
}

#[instrumented_operation(forms::FormRun, work.count = last)]
fn pattern_tuple_with_rest((first, .., last): (u8, u8, u8, u8)) -> u8 {
    first + last
}

#[instrumented_operation(forms::FormRun, work.count = x)]
fn pattern_struct(Point { x, y }: Point) -> i64 {
    x * y
}

#[instrumented_operation(forms::FormRun, work.count = down)]
fn pattern_struct_renamed(Point { x: across, y: down }: Point) -> i64 {
    across - down
}

#[instrumented_operation(forms::FormRun, work.count = x)]
fn pattern_struct_with_rest(Point { x, .. }: Point) -> i64 {
    x
}

#[instrumented_operation(forms::FormRun, work.count = second)]
fn pattern_tuple_struct(Pair(first, second): Pair) -> u8 {
    first + second
}

#[instrumented_operation(forms::FormRun)]
fn pattern_unit_struct(Nothing: Nothing) -> u8 {
    7
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn pattern_reference(&count: &u8) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun, work.count = a)]
fn pattern_reference_to_tuple(&(a, b): &(u8, u8)) -> u8 {
    a + b
}

#[instrumented_operation(forms::FormRun, work.count = more)]
fn pattern_mut_reference((count, more): (&mut u8, u8)) {
    *count += more;
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn pattern_mut(mut count: u8) -> u8 {
    count += 1;
    count
}

#[instrumented_operation(forms::FormRun, work.count = first)]
fn pattern_mut_inside((mut first, second): (u8, u8)) -> u8 {
    first += second;
    first
}

#[instrumented_operation(forms::FormRun, work.name = &**text)]
fn pattern_ref(ref text: String) -> usize {
    text.len()
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn pattern_ref_mut(ref mut items: Vec<u8>) -> usize {
    items.push(2);
    items.len()
}

#[instrumented_operation(forms::FormRun, work.count = a)]
fn pattern_array([a, b, c]: [u8; 3]) -> u8 {
    a + b + c
}

#[instrumented_operation(forms::FormRun, work.count = rest.len())]
fn pattern_array_with_rest([first, rest @ ..]: [u8; 3]) -> (u8, [u8; 2]) {
    (first, rest)
}

#[instrumented_operation(forms::FormRun, work.count = *second)]
fn pattern_slice_of_reference([first, second]: &[u8; 2]) -> (&u8, &u8) {
    (second, first)
}

#[instrumented_operation(forms::FormRun, work.count = whole.0)]
fn pattern_bound_by_at(ref whole @ Pair(first, second): Pair) -> (u8, u8, u8) {
    (whole.1, first, second)
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn pattern_of_one_variant(Only::One(count): Only) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn pattern_or((Side::Left(count) | Side::Right(count)): Side) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn pattern_in_parentheses((count): u8) -> u8 {
    count
}

#[instrumented_operation(forms::FormRun)]
fn pattern_range_of_all(0..=u8::MAX: u8) -> u8 {
    1
}

#[instrumented_operation(forms::FormRun, work.count = *count)]
fn plain_name_of_a_box(count: Box<u8>) -> u8 {
    *count
}

#[instrumented_operation(forms::FormRun)]
fn pattern_of_a_generic<A, B>((first, second): (A, B)) -> (B, A) {
    (second, first)
}

macro_rules! both {
    ($a:ident, $b:ident) => {
        ($a, $b)
    };
}

#[instrumented_operation(forms::FormRun, work.count = first)]
fn pattern_macro(both!(first, second): (u8, u8)) -> u8 {
    first + second
}

impl Point {
    #[instrumented_operation(forms::FormRun, work.count = down)]
    fn moved(mut self, (across, down): (i64, i64)) -> Self {
        self.x += across;
        self.y += down;
        self
    }
}

#[instrumented_operation(forms::FormRun, work.count = first)]
fn pattern_with_attributes(
    #[cfg(not(any()))] first: u8,
    #[cfg(any())] missing: u8,
    #[allow(unused)] second: u8,
) -> u8 {
    first
}

#[instrumented_operation(forms::FormRun, work.count = b)]
async fn pattern_async((a, [_, b]): (u8, [u8; 2]), Pair(c, _): Pair) -> u8 {
    pause().await;
    a + b + c
}
