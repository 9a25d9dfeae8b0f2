//! Exports groups, the resource, operations, metrics and events.

use std::collections::HashSet;

use otel_contract_model::{
    Attribute, AttributeUse, Event, LifeCycle, Metric, MetricValue, Operation, OperationMetrics,
    RequirementLevel, RustName, Sampling,
};

use super::{Common, Writer, put_annotation, put_ownership, rust_name};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::{Map, Yaml};
use crate::words;

/// Default brief of a group.
const GROUP: &str = "Attributes that are used together.";

/// Borrows the shared fields of a metric or event.
macro_rules! declared_of {
    ($signal:expr) => {
        Declared {
            name: &$signal.name,
            rust: &$signal.rust,
            attributes: &$signal.attributes,
            error_type: $signal.error_type.as_ref(),
            life_cycle: &$signal.life_cycle,
            common: Common {
                brief: &$signal.brief,
                note: $signal.note.as_deref(),
                stability: $signal.life_cycle.stability,
                deprecated: $signal.life_cycle.deprecated.as_ref(),
            },
        }
    };
}

impl Writer<'_> {
    pub(super) fn groups(&self) -> Vec<Yaml> {
        let mut written = vec![self.about()];
        for group in &self.contract.groups {
            let mut map = Map::new();
            map.put("id", group.name.as_str());
            map.put("visibility", "public");
            let mut annotation = Map::new();
            let (uses, order) = self.uses(&group.attributes, Signal::Other);
            annotation.put_list("order", &order);
            if group.brief.is_empty() {
                annotation.put("no_brief", true);
            }
            annotation.put_some("rust_name", rust_name(&group.name, &group.rust));
            if !uses.is_empty() {
                map.put("attributes", uses);
            }
            let common = Common {
                brief: Some(group.brief.as_str())
                    .filter(|description| !description.is_empty())
                    .unwrap_or(GROUP),
                note: None,
                stability: otel_contract_model::Stability::Development,
                deprecated: None,
            };
            common.put(&mut map, annotation);
            written.push(map.into());
        }
        written
    }

    /// Exports the resource as an entity.
    pub(super) fn resource(&self) -> Vec<Yaml> {
        let contract = self.contract;
        if contract.resource.is_empty() {
            return Vec::new();
        }
        let is_required = |usage: &&AttributeUse| usage.level == RequirementLevel::Required;
        let (identity, description): (Vec<_>, Vec<_>) =
            contract.resource.iter().partition(is_required);
        let cloned = |uses: Vec<&AttributeUse>| uses.into_iter().cloned().collect::<Vec<_>>();
        let (identity, description) = (cloned(identity), cloned(description));
        let mut map = Map::new();
        map.put("type", format!("{}.resource", contract.name));
        map.put("identity", self.uses(&identity, Signal::Other).0);
        if !description.is_empty() {
            map.put("description", self.uses(&description, Signal::Other).0);
        }
        let mut annotation = Map::new();
        annotation.put("resource", true);
        let order = contract.resource.iter();
        let order = order.map(|usage| contract[usage.attribute].key.clone());
        annotation.put_list("order", &order.collect::<Vec<_>>());
        let common = Common {
            brief: "Attributes of every service.",
            note: None,
            stability: otel_contract_model::Stability::Development,
            deprecated: None,
        };
        common.put(&mut map, annotation);
        vec![map.into()]
    }

    pub(super) fn operations(&mut self) -> Vec<Yaml> {
        let operations = self.contract.operations.iter();
        operations
            .map(|operation| self.operation(operation))
            .collect()
    }

    fn operation(&mut self, operation: &Operation) -> Yaml {
        let contract = self.contract;
        self.shared_attributes(operation);
        let mut map = Map::new();
        map.put("type", operation.name.as_str());
        map.put("kind", words::kind(operation.kind));
        let mut name = Map::new();
        name.put("note", operation.name.as_str());
        map.put("name", name);
        let (mut uses, order) = self.uses(&operation.attributes, Signal::Span);
        for group in operation.groups.iter().rev() {
            let mut whole = Map::new();
            whole.put("ref_group", contract[*group].name.as_str());
            uses.insert(0, whole.into());
        }
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        let mut annotation = Map::new();
        let routes = operation.routes.iter().map(ToString::to_string);
        match routes.collect::<Vec<_>>().as_slice() {
            [route] => annotation.put("route", route.as_str()),
            routes => annotation.put_list("route", routes),
        }
        annotation.put_list("order", &order);
        if let Some(errors) = &operation.errors {
            let errors = errors.iter().map(|id| contract[*id].name.as_str());
            annotation.put("errors", errors.collect::<Vec<_>>());
        }
        let events = operation.events.iter().map(|id| contract[*id].name.clone());
        annotation.put_list("events", &events.collect::<Vec<_>>());
        annotation.put(
            "metrics",
            match &operation.metrics {
                Some(metrics) => self.operation_metrics(metrics).into(),
                None => Yaml::Bool(false),
            },
        );
        annotation.put_some("sampling", operation.sampling.as_ref().map(sampling));
        put_ownership(&operation.life_cycle, &mut annotation);
        annotation.put_some("rust_name", rust_name(&operation.name, &operation.rust));
        let common = Common {
            brief: &operation.brief,
            note: operation.note.as_deref(),
            stability: operation.life_cycle.stability,
            deprecated: operation.life_cycle.deprecated.as_ref(),
        };
        common.put(&mut map, annotation);
        map.into()
    }

    /// Reports attributes that two groups of an operation share. Weaver cannot resolve a span with two such groups.
    fn shared_attributes(&mut self, operation: &Operation) {
        let contract = self.contract;
        let mut seen = HashSet::new();
        let groups = operation.groups.iter().map(|id| &contract[*id]);
        for usage in groups.flat_map(|group| &group.attributes) {
            if !seen.insert(usage.attribute) {
                let key = &contract[usage.attribute].key;
                let subject = format!("`{key}` in operation `{}`", operation.name);
                let reason = "Weaver cannot resolve a span with two groups that contain the same attribute; remove the attribute from one of the groups";
                self.report.add(Outcome::Review, subject, None, reason);
            }
        }
    }

    fn operation_metrics(&self, metrics: &OperationMetrics) -> Map {
        let mut map = Map::new();
        let dimensions = metrics.dimensions.iter();
        let dimensions = dimensions.map(|id| self.contract[*id].key.clone());
        map.put_list("dimensions", &dimensions.collect::<Vec<_>>());
        if metrics.active {
            map.put("active", true);
        }
        if !metrics.buckets.is_empty() {
            map.put("buckets", metrics.buckets.clone());
        }
        map
    }

    pub(super) fn metrics(&self) -> Vec<Yaml> {
        let metrics = self.contract.metrics.iter();
        metrics.map(|metric| self.metric(metric)).collect()
    }

    fn metric(&self, metric: &Metric) -> Yaml {
        let mut map = Map::new();
        map.put("name", metric.name.as_str());
        map.put("instrument", words::instrument(metric.instrument));
        map.put("unit", metric.unit.as_str());
        let mut annotation = Map::new();
        if metric.observable {
            annotation.put("observable", true);
        }
        if metric.value_type == MetricValue::Double {
            annotation.put("value_type", "double");
        }
        if !metric.buckets.is_empty() {
            annotation.put("buckets", metric.buckets.clone());
        }
        self.declared(map, annotation, &declared_of!(metric))
    }

    pub(super) fn events(&self) -> Vec<Yaml> {
        let events = self.contract.events.iter();
        events.map(|event| self.event(event)).collect()
    }

    fn event(&self, event: &Event) -> Yaml {
        let mut map = Map::new();
        map.put("name", event.name.as_str());
        let mut annotation = Map::new();
        annotation.put("severity", words::severity(event.severity));
        self.declared(map, annotation, &declared_of!(event))
    }

    /// Completes the definition of a metric or event. `specific` contains the fields of the annotation that only this
    /// kind has.
    fn declared(&self, mut map: Map, specific: Map, signal: &Declared<'_>) -> Yaml {
        let (mut uses, order) = self.uses(signal.attributes, Signal::Other);
        uses.extend(error_type(signal.error_type));
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        let mut annotation = Map::new();
        annotation.put_list("order", &order);
        annotation.append(specific);
        put_ownership(signal.life_cycle, &mut annotation);
        annotation.put_some("rust_name", rust_name(signal.name, signal.rust));
        signal.common.put(&mut map, annotation);
        map.into()
    }

    /// Returns references to attributes. Also returns the order of the attributes if the references cannot represent
    /// it, because the keys of a template share one reference.
    fn uses(&self, uses: &[AttributeUse], signal: Signal) -> (Vec<Yaml>, Vec<String>) {
        let contract = self.contract;
        let mut written: Vec<Yaml> = Vec::new();
        let mut templates: Vec<&str> = Vec::new();
        for usage in uses {
            let attribute = &contract[usage.attribute];
            let Some(template) = template(attribute) else {
                written.push(reference(&attribute.key, usage, signal));
                continue;
            };
            if templates.contains(&template) {
                continue;
            }
            templates.push(template);
            let of_template: Vec<&AttributeUse> = uses
                .iter()
                .filter(|other| self::template(&contract[other.attribute]) == Some(template))
                .collect();
            written.push(template_reference(template, &of_template, |usage| {
                &contract[usage.attribute].key
            }));
        }
        let order = if templates.is_empty() {
            Vec::new()
        } else {
            let keys = uses
                .iter()
                .map(|usage| contract[usage.attribute].key.clone());
            keys.collect()
        };
        (written, order)
    }
}

/// Fields that metrics and events share.
struct Declared<'c> {
    name: &'c str,
    rust: &'c RustName,
    attributes: &'c [AttributeUse],
    error_type: Option<&'c RequirementLevel>,
    life_cycle: &'c LifeCycle,
    common: Common<'c>,
}

/// Kind of the referring entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signal {
    /// Spans, where a registry can mark sampling-relevant attributes.
    Span,
    Other,
}

/// Returns the template of an attribute without its placeholder: `http.request.header`. Returns `None` for other
/// attributes, and for templates of the semantic conventions.
fn template(attribute: &Attribute) -> Option<&str> {
    let template = attribute
        .template
        .as_deref()
        .filter(|_| !attribute.semconv)?;
    template.split(".<").next()
}

fn reference(key: &str, usage: &AttributeUse, signal: Signal) -> Yaml {
    let mut map = Map::new();
    map.put("ref", key);
    let mut annotation = Map::new();
    put_level(&mut map, &mut annotation, &usage.level);
    if usage.sampling_relevant {
        match signal {
            Signal::Span => map.put("sampling_relevant", true),
            Signal::Other => annotation.put("sampling_relevant", true),
        }
    }
    put_annotation(&mut map, annotation);
    map.into()
}

/// Returns one reference for all used keys of a template.
fn template_reference<'c>(
    template: &str,
    uses: &[&'c AttributeUse],
    key: impl Fn(&'c AttributeUse) -> &'c str,
) -> Yaml {
    let mut keys = Vec::new();
    for usage in uses {
        let mut map = Map::new();
        let name = key(usage).strip_prefix(template).unwrap_or_default();
        map.put("key", name.trim_start_matches('.'));
        let mut annotation = Map::new();
        put_level(&mut map, &mut annotation, &usage.level);
        if usage.sampling_relevant {
            map.put("sampling_relevant", true);
        }
        map.append(annotation);
        keys.push(Yaml::Map(map));
    }
    let mut map = Map::new();
    map.put("ref", template);
    let mut annotation = Map::new();
    annotation.put("keys", keys);
    put_annotation(&mut map, annotation);
    map.into()
}

fn error_type(level: Option<&RequirementLevel>) -> Option<Yaml> {
    let mut map = Map::new();
    map.put("ref", "error.type");
    put_level(&mut map, &mut Map::new(), level?);
    Some(map.into())
}

/// Writes a level. A level that Weaver does not have is written to the annotation.
fn put_level(map: &mut Map, annotation: &mut Map, level: &RequirementLevel) {
    let word = match level {
        RequirementLevel::Required => "required",
        RequirementLevel::Recommended => "recommended",
        RequirementLevel::OptIn => "opt_in",
        RequirementLevel::OnSuccess => {
            annotation.put("level", "on_success");
            "recommended"
        }
        RequirementLevel::ConditionallyRequired(condition) => {
            let mut level = Map::new();
            level.put("conditionally_required", condition.as_str());
            map.put("requirement_level", level);
            return;
        }
    };
    map.put("requirement_level", word);
}

fn sampling(sampling: &Sampling) -> Map {
    let mut map = Map::new();
    map.put("ratio", sampling.ratio);
    let mut keep: Vec<Yaml> = Vec::new();
    if sampling.keep_errors {
        keep.push("errors".into());
    }
    if let Some(seconds) = sampling.keep_slower_than {
        let mut slower = Map::new();
        slower.put("slower_than", format!("{seconds}s"));
        keep.push(slower.into());
    }
    if !keep.is_empty() {
        map.put("keep", keep);
    }
    map
}
