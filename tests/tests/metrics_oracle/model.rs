//! Model of a generated contract: its vocabulary, the functions that use it, and the providers that export its
//! telemetry.

use crate::random::Random;

/// Model of one contract.
pub(crate) struct Model {
    pub(crate) seed: u64,
    /// Name of the module, the scope and the file.
    pub(crate) name: String,
    pub(crate) attributes: Vec<Attribute>,
    /// Optional group; operations do not list its attributes themselves.
    pub(crate) group: Option<Vec<Use>>,
    /// Number of error classes, named `fault_0` and so on.
    pub(crate) errors: usize,
    pub(crate) operations: Vec<Operation>,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) tracer: Tracer,
    /// Whether the temporality is delta.
    pub(crate) delta: bool,
}

pub(crate) struct Attribute {
    pub(crate) key: String,
    pub(crate) domain: Domain,
}

pub(crate) enum Domain {
    Strings {
        values: Vec<String>,
        other: bool,
    },
    Ints(Vec<i64>),
    Range(i64, i64),
    Boolean,
    Bounded(usize),
    /// Unbounded text.
    Text,
    /// Unbounded integers.
    Number,
    /// Unbounded text, personal, `protect: mask`.
    Masked,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Level {
    Required,
    Recommended,
    OptIn,
    Conditional,
    OnSuccess,
}

#[derive(Clone, Copy)]
pub(crate) struct Use {
    pub(crate) attribute: usize,
    pub(crate) level: Level,
    /// Whether the attribute is `sampling_relevant`.
    pub(crate) sampling_relevant: bool,
}

pub(crate) struct Operation {
    /// Attributes of the operation itself, then attributes of the group.
    pub(crate) uses: Vec<Use>,
    /// Number of `uses` of the operation itself; the others come from the group.
    pub(crate) own: usize,
    pub(crate) errors: Option<Vec<usize>>,
    pub(crate) metrics: Option<Measured>,
    pub(crate) functions: Vec<Function>,
}

/// The metrics of an operation.
pub(crate) struct Measured {
    /// Positions in `uses`.
    pub(crate) dimensions: Vec<usize>,
    pub(crate) active: bool,
    pub(crate) buckets: Option<Vec<f64>>,
}

/// A function under `#[instrumented_operation]`.
pub(crate) struct Function {
    pub(crate) asynchronous: bool,
    /// Whether the function has a handle (`as op`).
    pub(crate) handle: bool,
    /// Positions in `uses` that `ok(…)` sets.
    pub(crate) ok: Vec<usize>,
    pub(crate) fails: Fails,
    /// Positions in `uses` that are written as literals, with the value.
    pub(crate) literals: Vec<(usize, String)>,
    /// Whether the required attributes of the group are set by its struct.
    pub(crate) group: bool,
}

/// How a function reports a failure.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fails {
    /// The function does not return a `Result`.
    Never,
    /// The error derives `ErrorClass`.
    Derived,
    /// `err(…)` returns any class or none.
    Mapped,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Instrument {
    Counter,
    UpDownCounter,
    Histogram,
    Gauge,
}

pub(crate) struct Metric {
    pub(crate) instrument: Instrument,
    pub(crate) observable: bool,
    pub(crate) double: bool,
    pub(crate) unit: &'static str,
    pub(crate) buckets: Option<Vec<f64>>,
    pub(crate) uses: Vec<Use>,
    pub(crate) error_type: Option<Level>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Tracer {
    None,
    Recording,
    Unsampled,
}

impl Domain {
    /// Whether an attribute of this domain may be a dimension of a metric.
    pub(crate) fn is_dimension(&self) -> bool {
        !matches!(self, Self::Text | Self::Number | Self::Masked)
    }
}

impl Measured {
    pub(crate) fn has(&self, position: usize) -> bool {
        self.dimensions.contains(&position)
    }
}

impl Model {
    pub(crate) fn new(seed: u64) -> Self {
        let random = &mut Random::new(seed);
        let attributes = attributes(random);
        let group = random.percent(50).then(|| group(random, &attributes));
        let errors = random.below(5);
        let operations = (0..random.between(3, 4))
            .map(|_| operation(random, &attributes, group.as_deref(), errors))
            .collect();
        let metrics = (0..random.between(4, 6))
            .map(|_| metric(random, &attributes))
            .collect();
        let mut model = Self {
            seed,
            name: format!("vocabulary_{seed}"),
            attributes,
            group,
            errors,
            operations,
            metrics,
            tracer: *random.pick(&[Tracer::None, Tracer::Recording, Tracer::Unsampled]),
            delta: random.percent(30),
        };
        if seed.is_multiple_of(7) {
            model.add_metrics_with_many_series();
        }
        model
    }

    /// Adds a counter with more series than a flat table of the runtime holds, and a histogram with more series than any
    /// table holds.
    fn add_metrics_with_many_series(&mut self) {
        let attributes = &mut self.attributes;
        let wide = [("wide", -140, 139), ("deep", 0, 249)].map(|(word, least, most)| {
            attributes.push(Attribute {
                key: format!("{word}.range"),
                domain: Domain::Range(least, most),
            });
            Use {
                attribute: attributes.len() - 1,
                level: Level::Required,
                sampling_relevant: false,
            }
        });
        for (instrument, uses) in [
            (Instrument::Histogram, wide.to_vec()),
            (Instrument::Counter, wide[..1].to_vec()),
        ] {
            self.metrics.push(Metric {
                instrument,
                observable: false,
                double: false,
                unit: "1",
                buckets: None,
                uses,
                error_type: Some(Level::Recommended).filter(|_| instrument == Instrument::Counter),
            });
        }
        let has_no_group = |operation: &&mut Operation| operation.own == operation.uses.len();
        if let Some(operation) = self.operations.iter_mut().find(has_no_group) {
            operation.uses.push(wide[0]);
            operation.own += 1;
            if let Some(metrics) = &mut operation.metrics {
                metrics.dimensions.truncate(1);
                metrics.dimensions.insert(0, operation.own - 1);
            }
        }
    }
}

/// Generates attributes; the order of their keys differs from the order of their declarations.
fn attributes(random: &mut Random) -> Vec<Attribute> {
    let mut words = [
        "zone", "tier", "queue", "step", "flag", "shard", "mode", "batch",
    ];
    random.shuffle(&mut words);
    let mut attributes: Vec<Attribute> = (0..random.between(5, 8))
        .zip(words)
        .map(|(_, word)| Attribute {
            key: format!("{word}.kind"),
            domain: domain(random),
        })
        .collect();
    // Every contract has a bounded attribute, and an attribute that cannot be a dimension.
    attributes[0].domain = Domain::Bounded(random.below(5) + 1);
    attributes[1].domain = Domain::Strings {
        values: strings(random),
        other: random.percent(50),
    };
    attributes[2].domain = match random.below(3) {
        0 => Domain::Text,
        1 => Domain::Number,
        _ => Domain::Masked,
    };
    random.shuffle(&mut attributes);
    attributes
}

fn strings(random: &mut Random) -> Vec<String> {
    let mut values: Vec<String> = (0..random.between(1, 4))
        .map(|n| format!("value_{n}"))
        .collect();
    random.shuffle(&mut values);
    values
}

fn domain(random: &mut Random) -> Domain {
    match random.below(6) {
        0 => Domain::Strings {
            values: strings(random),
            other: random.percent(50),
        },
        1 => {
            let mut values = vec![-3, 0, 7, 200, 404];
            random.shuffle(&mut values);
            values.truncate(random.below(4) + 1);
            Domain::Ints(values)
        }
        2 => {
            let least = random.between(-5, 3);
            Domain::Range(least, least + random.between(0, 4))
        }
        3 => Domain::Boolean,
        _ => Domain::Bounded(random.below(5) + 1),
    }
}

fn level(random: &mut Random) -> Level {
    *random.pick(&[
        Level::Required,
        Level::Required,
        Level::Recommended,
        Level::OptIn,
        Level::Conditional,
    ])
}

/// Generates a group of two attributes, which operations do not list themselves.
fn group(random: &mut Random, attributes: &[Attribute]) -> Vec<Use> {
    let mut all: Vec<usize> = (0..attributes.len()).collect();
    random.shuffle(&mut all);
    let mut uses: Vec<Use> = all[..2]
        .iter()
        .map(|&attribute| Use {
            attribute,
            level: level(random),
            sampling_relevant: false,
        })
        .collect();
    uses[0].level = Level::Required;
    uses
}

fn operation(
    random: &mut Random,
    attributes: &[Attribute],
    group: Option<&[Use]>,
    errors: usize,
) -> Operation {
    let grouped = |attribute: usize| {
        group.is_some_and(|group| group.iter().any(|used| used.attribute == attribute))
    };
    let mut own: Vec<usize> = (0..attributes.len())
        .filter(|index| !grouped(*index))
        .collect();
    random.shuffle(&mut own);
    own.truncate(random.below(4) + 1);
    let mut uses: Vec<Use> = own
        .into_iter()
        .map(|attribute| {
            let level = if random.percent(25) {
                Level::OnSuccess
            } else {
                level(random)
            };
            let sampling_relevant = level != Level::OnSuccess && random.percent(15);
            Use {
                attribute,
                level,
                sampling_relevant,
            }
        })
        .collect();
    let own = uses.len();
    if let Some(group) = group.filter(|_| random.percent(60)) {
        uses.extend(group);
    }
    let listed = (errors > 0 && random.percent(60)).then(|| {
        let mut all: Vec<usize> = (0..errors).collect();
        random.shuffle(&mut all);
        all.truncate(random.below(errors) + 1);
        all
    });
    let metrics = (!random.percent(15)).then(|| {
        let is_dimension =
            |position: &usize| attributes[uses[*position].attribute].domain.is_dimension();
        let mut dimensions: Vec<usize> = (0..uses.len()).filter(is_dimension).collect();
        random.shuffle(&mut dimensions);
        dimensions.truncate(random.below(6));
        Measured {
            dimensions,
            active: random.percent(60),
            buckets: random.percent(50).then(|| vec![0.001, 0.5, 2.0]),
        }
    });
    let functions = [false, true]
        .map(|asynchronous| function(random, attributes, &uses, own, asynchronous, errors));
    Operation {
        uses,
        own,
        errors: listed,
        metrics,
        functions: functions.into(),
    }
}

fn function(
    random: &mut Random,
    attributes: &[Attribute],
    uses: &[Use],
    own: usize,
    asynchronous: bool,
    errors: usize,
) -> Function {
    let fails = match random.below(5) {
        0 => Fails::Never,
        1 | 2 if errors > 0 => Fails::Derived,
        _ => Fails::Mapped,
    };
    let mut ok = Vec::new();
    let mut literals = Vec::new();
    for (position, one) in uses.iter().enumerate() {
        let on_success = one.level == Level::OnSuccess;
        if !one.sampling_relevant && (on_success || random.percent(15)) {
            ok.push(position);
        } else if !on_success && position < own && random.percent(20) {
            let literal = literal(random, &attributes[one.attribute].domain);
            literals.extend(literal.map(|text| (position, text)));
        }
    }
    Function {
        asynchronous,
        handle: random.percent(50),
        ok,
        fails,
        literals,
        group: random.percent(50),
    }
}

/// Generates a literal of a value for the code.
fn literal(random: &mut Random, domain: &Domain) -> Option<String> {
    Some(match domain {
        Domain::Strings { values, .. } => random.pick(values).clone(),
        Domain::Ints(values) => random.pick(values).to_string(),
        Domain::Range(least, most) => random.between(*least, *most).to_string(),
        Domain::Boolean => random.percent(50).to_string(),
        Domain::Bounded(_) | Domain::Text => "literal".to_owned(),
        Domain::Number => "42".to_owned(),
        Domain::Masked => return None,
    })
}

const UNITS: [&str; 4] = ["s", "By", "1", "{job}"];

fn metric(random: &mut Random, attributes: &[Attribute]) -> Metric {
    let instrument = *random.pick(&[
        Instrument::Counter,
        Instrument::UpDownCounter,
        Instrument::Histogram,
        Instrument::Gauge,
    ]);
    let histogram = instrument == Instrument::Histogram;
    let is_dimension = |index: &usize| attributes[*index].domain.is_dimension();
    let mut dimensions: Vec<usize> = (0..attributes.len()).filter(is_dimension).collect();
    random.shuffle(&mut dimensions);
    dimensions.truncate(random.below(4));
    Metric {
        instrument,
        observable: !histogram && random.percent(40),
        double: random.percent(50),
        unit: UNITS[random.below(UNITS.len())],
        buckets: (histogram && random.percent(50)).then(|| vec![-1.5, 0.0, 4.0, 20.0]),
        uses: dimensions
            .into_iter()
            .map(|attribute| Use {
                attribute,
                level: level(random),
                sampling_relevant: false,
            })
            .collect(),
        error_type: random.percent(40).then(|| level(random)),
    }
}
