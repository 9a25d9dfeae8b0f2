//! The words the booking service may use in telemetry.

otel_contract::contract!("schema/booking.yaml");
