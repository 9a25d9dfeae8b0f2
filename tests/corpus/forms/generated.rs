//! Functions that a user's macro generates, from fragments of every kind.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form(
        "generated_name",
        || show(generated_name(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "generated_value_type",
        || show(generated_value_type()),
        SUCCESS,
    ),
    form("generated_block", || show(generated_block(2)), SUCCESS),
    form(
        "generated_visibility",
        || show(generated_visibility(2)),
        SUCCESS,
    ),
    form(
        "generated_pattern",
        || show(generated_pattern((1, 2))),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "generated_arguments",
        || show(generated_arguments(1, "b")),
        SUCCESS,
    ),
    form(
        "generated_generics",
        || show(generated_generics("x")),
        &[Success(&[("work.name", "x")])],
    ),
    form(
        "generated_statements",
        || show(generated_statements()),
        SUCCESS,
    ),
    form(
        "generated_expression",
        || show(generated_expression(3)),
        &[Success(&[("work.count", "6")])],
    ),
    form(
        "generated_async",
        || drive!(generated_async(3)),
        &[Success(&[]), Cancelled(&[])],
    ),
    form(
        "generated_method",
        || show(Made(3).generated_method()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "generated_second_method",
        || show(Made(3).generated_second_method()),
        &[Success(&[("work.count", "3")])],
    ),
    form("generated_impl", || show(Made(3).described()), SUCCESS),
    form(
        "generated_operation",
        || show(generated_operation()),
        SUCCESS,
    ),
    form(
        "generated_key",
        || show(generated_key(4)),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "generated_literal",
        || show(generated_literal()),
        &[Success(&[("work.count", "8")])],
    ),
    form(
        "generated_hygienic_local",
        || show(generated_hygienic_local(3)),
        SUCCESS,
    ),
    form(
        "generated_by_a_macro_in_a_macro",
        || show(generated_by_a_macro_in_a_macro()),
        SUCCESS,
    ),
    form(
        "generated_attributes",
        || show(generated_attributes(3)),
        SUCCESS,
    ),
    form(
        "generated_lifetime",
        || show(generated_lifetime("abc")),
        SUCCESS,
    ),
    form(
        "generated_item",
        || show(generated_item(1)),
        &[Success(&[("work.count", "1")])],
    ),
    form("generated_where", || show(generated_where(1_u8)), SUCCESS),
    form(
        "generated_token_trees",
        || show(generated_token_trees(5)),
        &[Success(&[("work.count", "5")])],
    ),
];

macro_rules! by_name {
    ($name:ident) => {
        #[instrumented_operation(forms::FormRun, work.count = count)]
        fn $name(count: u8) -> u8 {
            count + 1
        }
    };
}
by_name!(generated_name);

macro_rules! value_type {
    ($name:ident, $ret:ty) => {
        #[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
        fn $name() -> $ret {
            <$ret>::default()
        }
    };
}
value_type!(generated_value_type, Vec<u8>);

macro_rules! block {
    ($name:ident($argument:ident) $body:block) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name($argument: u8) -> u8 $body
    };
}
block!(generated_block(count) {
    if count > 3 {
        return 0;
    }
    count * 2
});

macro_rules! visibility {
    ($vis:vis fn $name:ident) => {
        #[instrumented_operation(forms::FormRun)]
        $vis fn $name(count: u8) -> u8 {
            count
        }
    };
}
visibility!(pub(super) fn generated_visibility);

macro_rules! pattern {
    ($name:ident, $arg:pat, $ty:ty, $count:ident, $result:expr) => {
        #[instrumented_operation(forms::FormRun, work.count = $count)]
        fn $name($arg: $ty) -> u8 {
            $result
        }
    };
}
pattern!(
    generated_pattern,
    (first, second),
    (u8, u8),
    first,
    first + second
);

macro_rules! arguments {
    ($name:ident($($arg:ident: $ty:ty),*) -> $result:expr) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name($($arg: $ty),*) -> String {
            note(stringify!($($arg)*));
            $result
        }
    };
}
arguments!(generated_arguments(first: u8, second: &str) -> format!("{first}{second}"));

macro_rules! generics {
    ($name:ident<$parameter:ident: $($bound:path),+>) => {
        #[instrumented_operation(forms::FormRun, work.name = value.to_string())]
        fn $name<$parameter: $($bound +)+>(value: $parameter) -> ($parameter, String) {
            let text = format!("{value:?}");
            (value, text)
        }
    };
}
generics!(generated_generics<Value: std::fmt::Display, std::fmt::Debug>);

macro_rules! statements {
    ($name:ident { $($statement:stmt;)* }) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name() -> &'static str {
            $($statement;)*
            "after"
        }
    };
}
statements!(generated_statements {
    note("first");
    let _held = Noisy("held");
    note("second");
});

macro_rules! expression {
    ($name:ident, $argument:ident, $value:expr) => {
        #[instrumented_operation(forms::FormRun, work.count = $value)]
        fn $name($argument: u8) -> u8 {
            $value
        }
    };
}
expression!(generated_expression, count, count * 2);

macro_rules! asynchronous {
    ($name:ident, $body:block) => {
        #[instrumented_operation(forms::FormRun)]
        async fn $name(count: u8) -> u8 {
            note(show(count));
            let inner = async $body;
            inner.await
        }
    };
}
asynchronous!(generated_async, {
    pause().await;
    7
});

struct Made(u8);

macro_rules! methods {
    ($type:ty { $($name:ident),* }) => {
        impl $type {$(
            #[instrumented_operation(forms::FormRun, work.count = self.0)]
            fn $name(&self) -> (&'static str, u8) {
                (stringify!($name), self.0)
            }
        )*}
    };
}
methods!(Made {
    generated_method,
    generated_second_method
});

trait Described {
    fn described(&self) -> &'static str;
}

macro_rules! describe {
    ($($type:ty => $text:literal),*) => {$(
        impl Described for $type {
            #[instrumented_operation(forms::FormRun)]
            fn described(&self) -> &'static str {
                $text
            }
        }
    )*};
}
describe!(Made => "made", u8 => "byte");

macro_rules! operation {
    ($name:ident, $operation:path) => {
        #[instrumented_operation($operation)]
        fn $name() -> &'static str {
            stringify!($operation)
        }
    };
}
operation!(generated_operation, forms::FormRun);

macro_rules! key {
    ($name:ident, $($key:ident).+) => {
        #[instrumented_operation(forms::FormRun, $($key).+ = count)]
        fn $name(count: u8) -> u8 {
            count
        }
    };
}
key!(generated_key, work.count);

macro_rules! literal {
    ($name:ident, $value:literal) => {
        #[instrumented_operation(forms::FormRun, work.count = $value)]
        fn $name() -> u8 {
            $value
        }
    };
}
literal!(generated_literal, 8);

macro_rules! hygienic {
    ($name:ident, $argument:ident, $result:expr) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name($argument: u8) -> u8 {
            let count = 100;
            note(show(count));
            $result
        }
    };
}
hygienic!(generated_hygienic_local, count, count + 1);

macro_rules! outer {
    ($name:ident) => {
        macro_rules! inner_macro {
            () => {
                #[instrumented_operation(forms::FormRun)]
                fn $name() -> &'static str {
                    stringify!($name)
                }
            };
        }
        inner_macro!();
    };
}
outer!(generated_by_a_macro_in_a_macro);

macro_rules! attributes {
    ($(#[$attribute:meta])* fn $name:ident) => {
        $(#[$attribute])*
        fn $name(count: u8) -> u8 {
            count
        }
    };
}
attributes! {
    /// Documented.
    #[inline]
    #[instrumented_operation(forms::FormRun)]
    #[must_use]
    fn generated_attributes
}

macro_rules! lifetime {
    ($name:ident<$life:lifetime>) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name<$life>(text: &$life str) -> &$life str {
            let (first, _) = text.split_at(1);
            first
        }
    };
}
lifetime!(generated_lifetime<'text>);

macro_rules! item {
    ($item:item) => {
        $item
    };
}
item! {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn generated_item(count: u8) -> Option<u8> {
        let rest = count.checked_sub(1)?;
        Some(rest)
    }
}

macro_rules! bounded {
    ($name:ident where $($clause:tt)*) => {
        #[instrumented_operation(forms::FormRun)]
        fn $name<T>(value: T) -> String
        where
            $($clause)*
        {
            value.to_string()
        }
    };
}
bounded!(generated_where where T: std::fmt::Display, Vec<T>: std::fmt::Debug,);

macro_rules! token_trees {
    ($count:ident: $($tokens:tt)*) => {
        #[instrumented_operation(forms::FormRun, work.count = $count)]
        $($tokens)*
    };
}
token_trees! {
    count:
    fn generated_token_trees(count: u8) -> u8 {
        'found: loop {
            break 'found count;
        }
    }
}
