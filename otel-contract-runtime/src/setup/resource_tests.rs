use super::*;
use crate::description::{Attribute, Cardinality, Location, Privacy};
use crate::setup::Environment;
use opentelemetry::Key;

/// Returns the resource with these variables, and the warnings.
fn read(in_code: &[KeyValue], variables: &[(&str, &str)]) -> (Resource, Vec<String>) {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment);
    let attributes = crate::setup::settings::read_resource(&mut reader);
    let added = read_environment(&mut reader, in_code, attributes);
    assert_eq!(reader.errors, []);
    let warnings = reader.warnings.iter();
    let warnings = warnings.map(|warning| format!("{}; {}", warning.what(), warning.effect()));
    let sources = Sources {
        environment: added,
        in_code: in_code.to_vec(),
        ..Sources::default()
    };
    (
        sources.build(Some("https://schema.example/1")),
        warnings.collect(),
    )
}

fn get(resource: &Resource, key: &'static str) -> Option<String> {
    let value = resource.get(&Key::from_static_str(key))?;
    Some(value.as_str().into_owned())
}

#[test]
fn an_empty_attribute_is_reported_with_its_location() {
    let in_code = [
        KeyValue::new("service.name", " "),
        KeyValue::new("service.version", "1"),
        KeyValue::new("region.code", ""),
    ];
    let errors = check_attributes(contract(), &in_code);
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let help = "set a value: telemetry is useless when its source is unknown";
    assert_eq!(
        messages,
        [
            format!(
                "resource attribute `service.name` is empty\n  = help: {help}\n  = note: contract `shop` 1.0.0, schema/shop.yaml:4:3"
            ),
            format!(
                "resource attribute `region.code` is empty\n  = help: {help}\n  = note: contract `shop` 1.0.0"
            ),
        ]
    );
}

#[test]
fn attributes_in_code_take_precedence_over_the_environment() {
    let in_code = [KeyValue::new("service.name", "code")];
    let (resource, warnings) = read(
        &in_code,
        &[
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,host.name=h1"),
            ("OTEL_SERVICE_NAME", "variable"),
        ],
    );
    assert_eq!(get(&resource, "service.name").as_deref(), Some("code"));
    assert_eq!(get(&resource, "host.name").as_deref(), Some("h1"));
    let sdk = get(&resource, "telemetry.sdk.name");
    assert_eq!(sdk.as_deref(), Some("opentelemetry"));
    assert_eq!(resource.schema_url(), Some("https://schema.example/1"));
    assert_eq!(
        warnings,
        [
            "`OTEL_RESOURCE_ATTRIBUTES` sets `service.name`, which the code sets to another value; the value in code is used",
            "`OTEL_SERVICE_NAME` differs from the service name in code; the value in code is used",
        ]
    );
    // Equal values give no warning.
    let same = [
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=code"),
        ("OTEL_SERVICE_NAME", "code"),
    ];
    assert_eq!(read(&in_code, &same).1, [""; 0]);
}

#[test]
fn otel_service_name_takes_precedence_over_otel_resource_attributes() {
    let (resource, warnings) = read(
        &[],
        &[
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,a=1,a=2"),
            ("OTEL_SERVICE_NAME", "variable"),
        ],
    );
    assert_eq!(get(&resource, "service.name").as_deref(), Some("variable"));
    assert_eq!(get(&resource, "a").as_deref(), Some("2"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn the_environment_cannot_set_attributes_of_the_sdk() {
    let (resource, warnings) = read(
        &[],
        &[(
            "OTEL_RESOURCE_ATTRIBUTES",
            "telemetry.sdk.name=mine,telemetry.sdk.language=c,telemetry.distro.name=d",
        )],
    );
    for (key, value) in [
        ("telemetry.sdk.name", "opentelemetry"),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.distro.name", "d"),
    ] {
        assert_eq!(get(&resource, key).as_deref(), Some(value));
    }
    assert_eq!(
        warnings,
        [
            "`OTEL_RESOURCE_ATTRIBUTES` sets `telemetry.sdk.name`, which only the SDK may set; the SDK's own value is used",
            "`OTEL_RESOURCE_ATTRIBUTES` sets `telemetry.sdk.language`, which only the SDK may set; the SDK's own value is used",
        ]
    );
}

#[test]
fn a_list_with_an_error_is_discarded() {
    for (value, what) in [
        (
            "a=1,b",
            "has an invalid item at position 2: it is not `key=value`",
        ),
        (
            "a=1,b=%zz",
            "has an invalid item at position 2: it is not percent-encoded UTF-8",
        ),
    ] {
        let (resource, warnings) = read(&[], &[("OTEL_RESOURCE_ATTRIBUTES", value)]);
        assert_eq!(get(&resource, "a"), None);
        assert_eq!(
            warnings,
            [format!(
                "`OTEL_RESOURCE_ATTRIBUTES` {what}; the whole variable is ignored"
            )]
        );
    }
    let (resource, warnings) = read(&[], &[("OTEL_RESOURCE_ATTRIBUTES", "a=x%2Cy,")]);
    assert_eq!(get(&resource, "a").as_deref(), Some("x,y"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn a_process_has_one_instance_id_unless_another_is_set() {
    let (first, _) = read(&[], &[]);
    let (second, _) = read(&[], &[]);
    let generated = get(&first, "service.instance.id").expect("the id is generated");
    assert_eq!(get(&second, "service.instance.id"), Some(generated.clone()));
    let lengths: Vec<usize> = generated.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{generated}");
    assert_eq!(generated.as_bytes()[14], b'4', "{generated}");
    assert!(b"89ab".contains(&generated.as_bytes()[19]), "{generated}");
    let variables = [("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=pod-1")];
    let (of_variable, _) = read(&[], &variables);
    assert_eq!(
        get(&of_variable, "service.instance.id").as_deref(),
        Some("pod-1")
    );
    let in_code = [KeyValue::new("service.instance.id", "in-code")];
    let (of_code, _) = read(&in_code, &variables);
    assert_eq!(
        get(&of_code, "service.instance.id").as_deref(),
        Some("in-code")
    );
}

#[test]
fn a_hidden_version_is_reported() {
    let in_code = [KeyValue::new("service.version", "2.0.0")];
    let variables = [(
        "OTEL_RESOURCE_ATTRIBUTES",
        "service.version=2.0.0-a1b2c3,service.namespace=shop",
    )];
    let (resource, warnings) = read(&in_code, &variables);
    assert_eq!(get(&resource, "service.version").as_deref(), Some("2.0.0"));
    assert_eq!(get(&resource, "service.namespace").as_deref(), Some("shop"));
    assert_eq!(
        warnings,
        [
            "`OTEL_RESOURCE_ATTRIBUTES` sets `service.version`, which the code sets to another value; the value in code is used"
        ]
    );
}

#[test]
fn code_takes_precedence_over_variables_over_added_resources_over_detectors() {
    let keys = ["in.code", "of.variable", "added", "detected"];
    let from = |source: &'static str, count: usize| -> Vec<KeyValue> {
        let keys = keys.into_iter().take(count);
        keys.map(|key| KeyValue::new(key, source)).collect()
    };
    let added = |source| {
        let builder = Resource::builder_empty().with_attributes(from(source, 3));
        builder
            .with_schema_url([], "https://schema.example/other")
            .build()
    };
    let sources = Sources {
        detected: from("detector", 4),
        added: vec![added("first"), added("second")],
        environment: from("variable", 2),
        in_code: from("code", 1),
    };
    let resource = sources.build(Some("https://schema.example/1"));
    for (key, source) in keys
        .into_iter()
        .zip(["code", "variable", "second", "detector"])
    {
        assert_eq!(get(&resource, key).as_deref(), Some(source), "{key}");
    }
    assert_eq!(resource.schema_url(), Some("https://schema.example/1"));
}

/// The default builder of the SDK adds a placeholder for the name of the service, and its own attributes.
#[test]
fn an_added_resource_renames_neither_service_nor_sdk() {
    let added = Resource::builder()
        .with_attribute(KeyValue::new("telemetry.sdk.name", "mine"))
        .with_attribute(KeyValue::new("service.instance.id", "of the cloud"))
        .build();
    assert!(get(&added, "service.name").is_some_and(|name| name.starts_with("unknown_service")));
    let sources = Sources {
        added: vec![added],
        in_code: vec![KeyValue::new("service.name", "billing-api")],
        ..Sources::default()
    };
    let resource = sources.build(None);
    for (key, expected) in [
        ("service.name", "billing-api"),
        ("telemetry.sdk.name", "opentelemetry"),
        ("service.instance.id", "of the cloud"),
    ] {
        assert_eq!(get(&resource, key).as_deref(), Some(expected), "{key}");
    }
}

#[test]
fn random_bits_become_a_uuid_of_version_4() {
    assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
    assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

/// Returns a contract with one attribute.
fn contract() -> &'static Contract {
    static CONTRACT: Contract = Contract {
        name: "shop",
        version: "1.0.0",
        schema_url: None,
        brief: "Telemetry of a shop.",
        owners: &[],
        attributes: &[Attribute {
            key: "service.name",
            brief: "Name of the service.",
            value_type: "string",
            cardinality: Cardinality::Unbounded,
            values: &[],
            other: false,
            range: None,
            privacy: Privacy::Internal,
            other_keys: &[],
            instead_of: &[],
            deprecated: false,
            deprecated_values: &[],
            conventional_values: false,
            location: Location {
                file: "schema/shop.yaml",
                line: 4,
                column: 3,
            },
        }],
        groups: &[],
        errors: &[],
        operations: &[],
        metrics: &[],
        events: &[],
        resource: &[],
        baggage: &[],
        location: Location {
            file: "schema/shop.yaml",
            line: 1,
            column: 1,
        },
    };
    &CONTRACT
}
