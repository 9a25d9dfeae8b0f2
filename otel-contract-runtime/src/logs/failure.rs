//! Emits failed operations as events of `tracing`.

use super::site::{Site, SiteDescription, level};
use crate::definition::OperationDefinition;
use crate::local;
use crate::outcome::Failure;
use opentelemetry::Context;
use std::fmt;
use tracing_core::field::Value;
use tracing_core::{Event, LevelFilter, dispatcher};

const FIELDS: &[&str] = &["message", "error.type", "error.message"];

/// Emits the event of a failed operation, in the context of the operation.
pub(crate) fn log_failure(
    operation: &'static OperationDefinition,
    failure: &Failure,
    context: Option<&Context>,
) {
    let level = level(failure.severity);
    if level > LevelFilter::current() || local::is_suppressed() || local::is_in_event() {
        return;
    }
    let _phase = local::PhaseGuard::event();
    let Failure {
        class, description, ..
    } = failure;
    // The text that the error type declares as safe.
    let text = description.as_deref();
    let _guard = context.cloned().and_then(local::attach);
    let site = Site::of(operation, level, || SiteDescription {
        name: format!("{}.error", operation.name).leak(),
        target: operation.contract.name,
        fields: FIELDS,
    });
    let metadata = site.metadata();
    if !dispatcher::get_default(|dispatch| dispatch.enabled(metadata)) {
        return;
    }
    let names = metadata.fields();
    let mut fields = names.iter();
    let (Some(message), Some(error_type), Some(error_message)) =
        (fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let emit = |body: fmt::Arguments<'_>| {
        let values = [
            (&message, Some(&body as &dyn Value)),
            (&error_type, Some(class as &dyn Value)),
            (&error_message, text.as_ref().map(|text| text as &dyn Value)),
        ];
        Event::dispatch(metadata, &names.value_set(&values));
    };
    emit(format_args!("operation `{}` failed", operation.name));
}
