use shop_telemetry::shop::{self, ErrorClass, ImportSource, instrumented_operation};

#[derive(Debug, ErrorClass)]
#[error_class(shop, malformed_file)]
struct Malformed;

#[instrumented_operation(
    shop::ImportRun,
    import.id = id,
    import.source = ImportSource::Upload,
    ok(|rows| import.rows = *rows),
)]
fn run(id: &str, file: &str) -> Result<i64, Malformed> {
    let rows = file.lines().count();
    i64::try_from(rows).map_err(|_| Malformed)
}

fn main() -> Result<(), shop::setup::SetupErrors> {
    let _telemetry = shop::telemetry(shop::Resource {
        service_name: "service".into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: shop::DeploymentEnvironmentName::Development,
    })
    .install()?;
    let rows = run("imp_1", "a\nb\nc").unwrap_or_default();
    println!("{rows} rows");
    Ok(())
}

#[cfg(test)]
mod tests {
    use shop_telemetry::shop::{self, ImportId, ImportSource, testing};

    #[test]
    fn an_import_is_recorded() {
        let scope = testing::scope();
        scope.run(|| super::run("imp_1", "a\nb")).expect("rows");
        let operation = scope.operation::<shop::ImportRun>().once().succeeded();
        operation.with((ImportId::from("imp_1"), ImportSource::Upload));
        scope.assert_contract(&shop::CONTRACT);
    }
}
