use super::*;
use crate::description::{Attribute, Cardinality, Location, Privacy};
use crate::setup::Environment;
use opentelemetry::Key;

/// The resource under these variables, and what is reported about them.
fn read(given: &[KeyValue], variables: &[(&str, &str)]) -> (Resource, Vec<String>) {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment);
    let attributes = crate::setup::settings::resource(&mut reader);
    let added = of_environment(&mut reader, given, attributes);
    assert_eq!(reader.faults, []);
    let warnings = reader.warnings.iter();
    let warnings = warnings.map(|one| format!("{}; {}", one.what(), one.instead()));
    (
        resource(given.to_vec(), added, Some("https://schema.example/1")),
        warnings.collect(),
    )
}

fn get(resource: &Resource, key: &'static str) -> Option<String> {
    let value = resource.get(&Key::from_static_str(key))?;
    Some(value.as_str().into_owned())
}

#[test]
fn an_empty_attribute_is_told_with_its_line() {
    let given = [
        KeyValue::new("service.name", " "),
        KeyValue::new("service.version", "1"),
        KeyValue::new("region.code", ""),
    ];
    let faults = check(contract(), &given);
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let help = "set a value: telemetry is useless when its source is unknown";
    assert_eq!(
        said,
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
fn the_resource_in_code_goes_before_the_one_of_the_environment() {
    let given = [KeyValue::new("service.name", "code")];
    let (resource, warnings) = read(
        &given,
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
    // Of the same there is nothing to say.
    let same = [
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=code"),
        ("OTEL_SERVICE_NAME", "code"),
    ];
    assert_eq!(read(&given, &same).1, [""; 0]);
}

#[test]
fn the_name_of_the_service_goes_before_that_among_the_attributes() {
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
fn the_environment_does_not_name_the_sdk() {
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
        ("a=1,b", "has an invalid item 2: it is not `key=value`"),
        (
            "a=1,b=%zz",
            "has an invalid item 2: it is not percent-encoded UTF-8",
        ),
    ] {
        let (resource, warnings) = read(&[], &[("OTEL_RESOURCE_ATTRIBUTES", value)]);
        assert_eq!(get(&resource, "a"), None);
        assert_eq!(
            warnings,
            [format!(
                "`OTEL_RESOURCE_ATTRIBUTES` {what}; all of the variable is ignored"
            )]
        );
    }
    let (resource, warnings) = read(&[], &[("OTEL_RESOURCE_ATTRIBUTES", "a=x%2Cy,")]);
    assert_eq!(get(&resource, "a").as_deref(), Some("x,y"));
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn a_process_has_one_instance_unless_it_is_given_another() {
    let (first, _) = read(&[], &[]);
    let (second, _) = read(&[], &[]);
    let made = get(&first, "service.instance.id").expect("it is made");
    assert_eq!(get(&second, "service.instance.id"), Some(made.clone()));
    let lengths: Vec<usize> = made.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{made}");
    assert_eq!(made.as_bytes()[14], b'4', "{made}");
    assert!(b"89ab".contains(&made.as_bytes()[19]), "{made}");
    let variables = [("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=pod-1")];
    let (of_variable, _) = read(&[], &variables);
    assert_eq!(
        get(&of_variable, "service.instance.id").as_deref(),
        Some("pod-1")
    );
    let given = [KeyValue::new("service.instance.id", "in-code")];
    let (of_code, _) = read(&given, &variables);
    assert_eq!(
        get(&of_code, "service.instance.id").as_deref(),
        Some("in-code")
    );
}

#[test]
fn random_bits_become_a_uuid_of_version_4() {
    assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
    assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

/// A contract of one attribute.
fn contract() -> &'static Contract {
    static CONTRACT: Contract = Contract {
        name: "shop",
        version: "1.0.0",
        schema_url: None,
        brief: "Words of a shop.",
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
            beside: &[],
            instead_of: &[],
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
