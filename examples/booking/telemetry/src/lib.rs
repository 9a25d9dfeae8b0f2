//! Telemetry vocabulary of the booking service.

otel_contract::contract!("schema/booking.yaml");
