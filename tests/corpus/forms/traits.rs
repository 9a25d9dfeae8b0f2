//! Functions of traits: in implementations, default, generic, behind `dyn`, with associated types.

use super::prelude::*;
use std::fmt::Display;

pub(crate) const FORMS: &[Form] = &[
    form(
        "trait_required",
        || show(Batch(2).required(3)),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "trait_default",
        || show(Batch(2).by_default()),
        &[Success(&[("work.name", "batch")])],
    ),
    form(
        "trait_default_overridden",
        || show(Other.by_default()),
        &[Success(&[("work.name", "other")])],
    ),
    form(
        "trait_associated",
        || show(Batch::associated(4)),
        &[Success(&[("work.count", "4")])],
    ),
    form(
        "trait_default_without_self",
        || show(Batch::name_without_self()),
        &[Success(&[])],
    ),
    form(
        "trait_mut_default",
        || show(Batch(2).twice()),
        &[Success(&[])],
    ),
    form(
        "trait_through_dyn",
        || show((&Batch(2) as &dyn Job).by_default()),
        &[Success(&[("work.name", "batch")])],
    ),
    form(
        "trait_boxed_self",
        || show((Box::new(Batch(2)) as Box<dyn Job>).boxed_self()),
        &[Success(&[])],
    ),
    form(
        "trait_where_sized",
        || show(Batch(2).where_sized()),
        &[Success(&[])],
    ),
    form(
        "trait_blanket",
        || show(5_u8.shown()),
        &[Success(&[("work.name", "5")])],
    ),
    form(
        "trait_with_parameter",
        || show(<Batch as Convert<u8>>::convert(&Batch(2), 1)),
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "trait_with_generic_function",
        || show(Batch(2).generic("a")),
        &[Success(&[("work.name", "a")])],
    ),
    form(
        "trait_associated_constant",
        || show(Batch(2).constant()),
        &[Success(&[("work.count", "9")])],
    ),
    form(
        "trait_associated_type",
        || show(Batch(2).made()),
        &[Success(&[])],
    ),
    form(
        "trait_associated_type_written_out",
        || show(Other.made()),
        &[Success(&[])],
    ),
    form(
        "trait_super",
        || show(Batch(2).of_super()),
        &[Success(&[("work.name", "batch")])],
    ),
    form(
        "trait_const_generic",
        || show(Fixed::<3>.width()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "trait_lifetime",
        || show(Words("a b").words()),
        &[Success(&[])],
    ),
    form(
        "trait_impl_result",
        || show(Batch(2).numbers().collect::<Vec<_>>()),
        &[Success(&[])],
    ),
    form(
        "trait_impl_for_reference",
        || show((&Batch(3)).consumed()),
        &[Success(&[])],
    ),
];

trait Job {
    fn name(&self) -> String;

    fn required(&self, count: u8) -> String;

    #[instrumented_operation(forms::FormRun, work.name = self.name())]
    fn by_default(&self) -> String {
        self.name().repeat(2)
    }

    fn associated(count: u8) -> Self
    where
        Self: Sized;

    #[instrumented_operation(forms::FormRun)]
    fn name_without_self() -> &'static str
    where
        Self: Sized,
    {
        "without"
    }

    #[instrumented_operation(forms::FormRun)]
    fn twice(&mut self) -> usize {
        self.name().len() * 2
    }

    #[instrumented_operation(forms::FormRun)]
    fn boxed_self(self: Box<Self>) -> String {
        self.name()
    }

    #[instrumented_operation(forms::FormRun)]
    fn where_sized(self) -> usize
    where
        Self: Sized,
    {
        size_of::<Self>()
    }

    #[instrumented_operation(forms::FormRun, work.name = value.as_ref())]
    fn generic<T: AsRef<str>>(&self, value: T) -> usize
    where
        Self: Sized,
    {
        value.as_ref().len()
    }
}

trait Constant {
    const NINE: u8 = 9;

    #[instrumented_operation(forms::FormRun, work.count = Self::NINE)]
    fn constant(&self) -> u8 {
        Self::NINE
    }
}

impl Constant for Batch {}

#[derive(Debug)]
struct Batch(i64);

impl Job for Batch {
    fn name(&self) -> String {
        "batch".to_owned()
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn required(&self, count: u8) -> String {
        self.name().repeat(count.into())
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn associated(count: u8) -> Self {
        Batch(count.into())
    }
}

struct Other;

impl Job for Other {
    fn name(&self) -> String {
        "other".to_owned()
    }

    fn required(&self, _: u8) -> String {
        String::new()
    }

    #[instrumented_operation(forms::FormRun, work.name = self.name())]
    fn by_default(&self) -> String {
        "overridden".to_owned()
    }

    fn associated(_: u8) -> Self {
        Self
    }
}

trait Shown {
    fn shown(&self) -> String;
}

impl<T: Display + ?Sized> Shown for T {
    #[instrumented_operation(forms::FormRun, work.name = self.to_string())]
    fn shown(&self) -> String {
        format!("<{self}>")
    }
}

trait Convert<Input> {
    fn convert(&self, input: Input) -> u16;
}

impl Convert<u8> for Batch {
    #[instrumented_operation(forms::FormRun, work.count = input)]
    fn convert(&self, input: u8) -> u16 {
        u16::from(input) + 1
    }
}

trait Make {
    type Made;
    fn made(&self) -> Self::Made;
}

impl Make for Batch {
    type Made = i64;
    #[instrumented_operation(forms::FormRun, err(|_| None::<forms::ErrorType>))]
    fn made(&self) -> Self::Made {
        self.0
    }
}

impl Make for Other {
    type Made = Option<&'static str>;
    #[instrumented_operation(forms::FormRun)]
    fn made(&self) -> Option<&'static str> {
        Some("made")
    }
}

trait OfSuper: Job {
    #[instrumented_operation(forms::FormRun, work.name = Job::name(self))]
    fn of_super(&self) -> usize {
        self.name().len()
    }
}

impl OfSuper for Batch {}

struct Fixed<const WIDTH: usize>;

trait Width {
    fn width(&self) -> usize;
}

impl<const WIDTH: usize> Width for Fixed<WIDTH> {
    #[instrumented_operation(forms::FormRun, work.count = WIDTH)]
    fn width(&self) -> usize {
        WIDTH
    }
}

struct Words<'a>(&'a str);

trait Split<'a> {
    fn words(&self) -> Vec<&'a str>;
}

impl<'a> Split<'a> for Words<'a> {
    #[instrumented_operation(forms::FormRun)]
    fn words(&self) -> Vec<&'a str> {
        self.0.split(' ').collect()
    }
}

trait Numbers {
    fn numbers(&self) -> impl Iterator<Item = i64>;
}

impl Numbers for Batch {
    #[instrumented_operation(forms::FormRun)]
    fn numbers(&self) -> impl Iterator<Item = i64> {
        0..self.0
    }
}

trait Consumed {
    fn consumed(self) -> i64;
}

impl Consumed for &Batch {
    #[instrumented_operation(forms::FormRun)]
    fn consumed(self) -> i64 {
        self.0
    }
}
