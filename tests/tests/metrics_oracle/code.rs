//! Generates Rust code of a model: every function, operation and metric of the contract, for the driver to call.

use crate::model::{
    Attribute, Domain, Fails, Function, Instrument, Level, Metric, Model, Operation,
};
use std::fmt::Write as _;

/// Generates the module that uses the contract like a service.
pub(crate) fn module(model: &Model) -> String {
    let name = &model.name;
    let mut text = format!(
        "use crate::harness::{{self, Contract, Observed, Step, Values}};\nuse crate::{name} as c;\nuse c::{{ErrorType, instrumented_operation}};\n\n\
         fn class(text: &str) -> ErrorType {{ ErrorType::from_str_or_other(text) }}\n\n\
         #[derive(Debug)]\npub struct Any(Option<ErrorType>);\n\
         impl Any {{ fn of(text: &str) -> Self {{ Self((text != \"none\").then(|| class(text))) }} }}\n\n",
    );
    for (index, attribute) in model.attributes.iter().enumerate() {
        let (camel, value) = (camel(attribute), conversion(attribute));
        let _ = writeln!(text, "fn a{index}(text: &str) -> c::{camel} {{ {value} }}");
    }
    for (index, one) in model.operations.iter().enumerate() {
        operation(&mut text, model, index, one);
    }
    for (index, one) in model.metrics.iter().enumerate() {
        metric(&mut text, model, index, one);
    }
    contract(&mut text, model);
    text
}

fn camel(attribute: &Attribute) -> String {
    let snake = snake(attribute);
    let words = snake.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect()
}

fn snake(attribute: &Attribute) -> String {
    attribute.key.replace('.', "_")
}

/// Expression that converts the text of a value to the contract's type.
fn conversion(attribute: &Attribute) -> String {
    let camel = camel(attribute);
    match &attribute.domain {
        Domain::Strings { other: true, .. } => format!("c::{camel}::from_str_or_other(text)"),
        Domain::Strings { other: false, .. } => "text.parse().unwrap()".to_owned(),
        Domain::Ints(_) => format!("c::{camel}::try_from(text.parse::<i64>().unwrap()).unwrap()"),
        Domain::Range(..) => format!("c::{camel}::saturating(text.parse().unwrap())"),
        Domain::Boolean => "text.parse::<bool>().unwrap().into()".to_owned(),
        Domain::Number => "text.parse::<i64>().unwrap().into()".to_owned(),
        Domain::Bounded(_) => format!("c::{camel}::capped(text)"),
        Domain::Text | Domain::Masked => "text.into()".to_owned(),
    }
}

fn operation(text: &mut String, model: &Model, index: usize, operation: &Operation) {
    let classes: Vec<usize> = match &operation.errors {
        Some(errors) => errors.clone(),
        None => (0..model.errors).collect(),
    };
    if !classes.is_empty() {
        let variants = classes
            .iter()
            .map(|class| format!("#[error_class(fault_{class})] Fault{class}, "));
        let variants: String = variants.collect();
        let arms = classes
            .iter()
            .map(|class| format!("\"fault_{class}\" => Self::Fault{class}, "));
        let arms: String = arms.collect();
        let _ = writeln!(
            text,
            "\n#[derive(Debug, c::ErrorClass)]\n#[error_class(c)]\npub enum E{index} {{ {variants}}}\n\
             impl E{index} {{ fn of(text: &str) -> Self {{ match text {{ {arms}_ => unreachable!() }} }} }}",
        );
    }
    for (number, one) in operation.functions.iter().enumerate() {
        function(text, model, index, number, operation, one);
    }
    let late = operation
        .uses
        .iter()
        .enumerate()
        .filter(|(_, one)| !one.sampling_relevant);
    let late = late.map(|(position, one)| {
        let snake = snake(&model.attributes[one.attribute]);
        format!(
            "            {position} => op.{snake}(a{}(value)),\n",
            one.attribute
        )
    });
    let late: String = late.collect();
    let _ = writeln!(
        text,
        "fn late{index}(step: &Step, op: &c::RunO{index}Handle) {{\n    let _ = op;\n    for (position, value) in &step.late {{\n        let _ = value;\n        match position {{\n{late}            _ => unreachable!(),\n        }}\n    }}\n}}",
    );
    by_hand(text, model, index, operation);
}

fn function(
    text: &mut String,
    model: &Model,
    index: usize,
    number: usize,
    operation: &Operation,
    function: &Function,
) {
    let mut arguments = vec![format!(
        "c::RunO{index}{}",
        if function.handle { " as op" } else { "" }
    )];
    let grouped = function.group && operation.uses.len() > operation.own;
    for (position, one) in operation.uses.iter().enumerate() {
        let attribute = one.attribute;
        let key = &model.attributes[attribute].key;
        let literal = function.literals.iter().find(|(of, _)| *of == position);
        let value = match (literal, one.level) {
            (_, Level::OnSuccess) => continue,
            (Some((_, literal)), _) => match &model.attributes[attribute].domain {
                Domain::Strings { .. } | Domain::Bounded(_) | Domain::Text => {
                    format!("{literal:?}")
                }
                _ => literal.clone(),
            },
            (None, Level::Required) if grouped && position >= operation.own => continue,
            (None, Level::Required) => format!("a{attribute}(step.value({position}))"),
            (None, _) => format!("step.given({position}).map(a{attribute})"),
        };
        arguments.push(format!("{key} = {value}"));
    }
    if grouped {
        arguments.push(format!("..pack.g0 = {}", group(model, operation)));
    }
    if !function.ok.is_empty() {
        let pairs = function.ok.iter().map(|&position| {
            let attribute = operation.uses[position].attribute;
            let key = &model.attributes[attribute].key;
            match operation.uses[position].level {
                Level::Required | Level::OnSuccess => {
                    format!("{key} = a{attribute}(values.get({position}).unwrap())")
                }
                _ => format!("{key} = values.get({position}).map(a{attribute})"),
            }
        });
        arguments.push(format!(
            "ok(|values| {})",
            pairs.collect::<Vec<_>>().join(", ")
        ));
    }
    let (returned, body) = match function.fails {
        Fails::Never => ("Values".to_owned(), "harness::value(step)".to_owned()),
        Fails::Derived => (
            format!("Result<Values, E{index}>"),
            format!("harness::finish(step, E{index}::of)"),
        ),
        Fails::Mapped => {
            arguments.push("err(|error| error.0)".to_owned());
            let body = "harness::finish(step, Any::of)".to_owned();
            ("Result<Values, Any>".to_owned(), body)
        }
    };
    let late = if function.handle {
        format!("    late{index}(step, &op);\n")
    } else {
        String::new()
    };
    let (keyword, pause) = if function.asynchronous {
        ("async ", "    harness::pause(step).await;\n")
    } else {
        ("", "")
    };
    let arguments = arguments.join(", ");
    let _ = writeln!(
        text,
        "\n#[instrumented_operation({arguments})]\n{keyword}fn o{index}f{number}(step: &Step) -> {returned} {{\n{late}{pause}    {body}\n}}",
    );
}

/// Expression of the group's struct, with its required attributes.
fn group(model: &Model, operation: &Operation) -> String {
    let uses = operation.uses.iter().enumerate().skip(operation.own);
    let required = uses.filter(|(_, one)| one.level == Level::Required);
    let fields = required.map(|(position, one)| {
        let snake = snake(&model.attributes[one.attribute]);
        format!("{snake}: a{}(step.value({position}))", one.attribute)
    });
    format!("c::PackG0 {{ {} }}", fields.collect::<Vec<_>>().join(", "))
}

fn by_hand(text: &mut String, model: &Model, index: usize, operation: &Operation) {
    let own = operation.uses.iter().enumerate().take(operation.own);
    let required = own.filter(|(_, one)| one.level == Level::Required);
    let fields = required.map(|(position, one)| {
        let snake = snake(&model.attributes[one.attribute]);
        format!("{snake}: a{}(step.value({position}))", one.attribute)
    });
    let mut fields: Vec<String> = fields.collect();
    if operation.uses.len() > operation.own {
        fields.push(format!("pack_g0: {}", group(model, operation)));
    }
    let setters = operation
        .uses
        .iter()
        .enumerate()
        .map(|(position, one)| match one.level {
            Level::Required | Level::OnSuccess => String::new(),
            Level::Recommended | Level::OptIn | Level::Conditional => {
                let snake = snake(&model.attributes[one.attribute]);
                format!(".{snake}(step.given({position}).map(a{}))", one.attribute)
            }
        });
    let setters: String = setters.collect();
    let fields = fields.join(", ");
    let _ = writeln!(
        text,
        "\nfn start{index}(step: &Step) -> harness::EndOperation {{\n    let _ = step;\n    let active = c::RunO{index} {{ {fields} }}{setters}.start();\n    Box::new(move |step| {{\n        late{index}(step, &active);\n        match step.end.as_str() {{\n            \"ok\" => active.succeed(),\n            \"cancel\" => drop(active),\n            text => active.fail(class(text)),\n        }}\n    }})\n}}",
    );
    if model.errors > 0 {
        let _ = writeln!(
            text,
            "\nfn run{index}(step: &Step) {{\n    let body = async {{\n        harness::pause(step).await;\n        harness::finish(step, E{index}::of)\n    }};\n    harness::drive(step, c::RunO{index} {{ {fields} }}{setters}.run(body));\n}}",
        );
    }
}

fn metric(text: &mut String, model: &Model, index: usize, metric: &Metric) {
    let mut fields = Vec::new();
    let mut setters = String::new();
    for (position, one) in metric.uses.iter().enumerate() {
        let (snake, attribute) = (snake(&model.attributes[one.attribute]), one.attribute);
        match one.level {
            Level::Required => {
                fields.push(format!("{snake}: a{attribute}(step.value({position}))"));
            }
            _ => {
                let _ = write!(
                    setters,
                    ".{snake}(step.given({position}).map(a{attribute}))"
                );
            }
        }
    }
    let position = metric.uses.len();
    match metric.error_type {
        Some(Level::Required) => fields.push(format!("error_type: class(step.value({position}))")),
        Some(_) => {
            let _ = write!(setters, ".error_type(step.given({position}).map(class))");
        }
        None => {}
    }
    let dimensions = if metric.uses.is_empty() && metric.error_type.is_none() {
        "()".to_owned()
    } else {
        let fields = fields.join(", ");
        format!("c::metrics::MeterM{index} {{ {fields} }}{setters}")
    };
    let number = match (metric.double, metric.instrument) {
        (true, _) => "double",
        (false, Instrument::Counter | Instrument::Histogram) => "unsigned",
        (false, Instrument::UpDownCounter | Instrument::Gauge) => "signed",
    };
    let verb = match metric.instrument {
        _ if metric.observable => {
            let _ = writeln!(
                text,
                "\nfn observe{index}(observed: &Observed) -> Box<dyn std::any::Any> {{\n    let steps = observed.of({index});\n    Box::new(c::metrics::meter_m{index}().observe(move |observer| {{\n        for step in steps.lock().unwrap().iter() {{\n            observer.observe(step.{number}(), {dimensions});\n        }}\n    }}))\n}}",
            );
            return;
        }
        Instrument::Counter | Instrument::UpDownCounter => "add",
        Instrument::Histogram | Instrument::Gauge => "record",
    };
    let _ = writeln!(
        text,
        "\nfn record{index}(step: &Step) {{\n    c::metrics::meter_m{index}().{verb}(step.{number}(), {dimensions});\n}}",
    );
}

/// Generates the functions and the constant that the driver uses.
fn contract(text: &mut String, model: &Model) {
    let functions = model
        .operations
        .iter()
        .enumerate()
        .flat_map(|(index, operation)| {
            let functions = operation.functions.iter().enumerate();
            functions.map(move |(number, one)| {
                let call = format!("o{index}f{number}(step)");
                if one.asynchronous {
                    format!("        ({index}, {number}) => harness::drive(step, {call}),\n")
                } else {
                    format!("        ({index}, {number}) => drop({call}),\n")
                }
            })
        });
    let functions: String = functions.collect();
    let arms = |of: &str, indices: Vec<usize>| -> String {
        let arm = |index: usize| format!("        {index} => {of}{index}(step),\n");
        indices.into_iter().map(arm).collect::<Vec<_>>().concat()
    };
    let operations: Vec<usize> = (0..model.operations.len()).collect();
    let starts = arms("start", operations.clone());
    let runs = if model.errors > 0 {
        arms("run", operations)
    } else {
        String::new()
    };
    let of_kind = |observable: bool| {
        let metrics = model.metrics.iter().enumerate();
        let metrics = metrics.filter(move |(_, one)| one.observable == observable);
        metrics.map(|(index, _)| index).collect::<Vec<_>>()
    };
    let records = arms("record", of_kind(false));
    let observes = of_kind(true);
    let observes = observes
        .iter()
        .map(|index| format!("observe{index}(observed)"));
    let observes = observes.collect::<Vec<_>>().join(", ");
    let _ = writeln!(
        text,
        "\nfn call(operation: usize, function: usize, step: &Step) {{\n    match (operation, function) {{\n{functions}        _ => unreachable!(),\n    }}\n}}\n\
         \nfn start(operation: usize, step: &Step) -> harness::EndOperation {{\n    match operation {{\n{starts}        _ => unreachable!(),\n    }}\n}}\n\
         \nfn run(operation: usize, step: &Step) {{\n    let _ = step;\n    match operation {{\n{runs}        _ => unreachable!(),\n    }}\n}}\n\
         \nfn record(metric: usize, step: &Step) {{\n    let _ = step;\n    match metric {{\n{records}        _ => unreachable!(),\n    }}\n}}\n\
         \nfn observe(observed: &Observed) -> Vec<Box<dyn std::any::Any>> {{\n    let _ = observed;\n    vec![{observes}]\n}}\n\
         \npub const CONTRACT: Contract = Contract {{ name: {:?}, view: c::view, call, start, run, record, observe }};",
        model.name,
    );
}
