//! The steps of `docs/migration.md`.

use booking_service::{before, migrated};
use booking_telemetry::booking::testing::{self, Coverage, TestScope};
use booking_telemetry::booking::{self, BookingId, ErrorType, SeatCount, ShowId};
use opentelemetry::trace::{SpanId, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::layer::SubscriberExt as _;

/// Runs a future under the layer of `tracing-opentelemetry`, and returns the spans in the order they ended.
fn spans_of(run: impl Future<Output = ()>) -> Vec<SpanData> {
    let exporter = InMemorySpanExporter::default();
    let tracers = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("booking"));
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || block_on(run));
    exporter.get_finished_spans().expect("spans")
}

/// Runs a future, and what it has spawned, to the end.
fn block_on(run: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        run.await;
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    });
}

fn names(spans: &[SpanData]) -> Vec<&str> {
    spans.iter().map(|span| &*span.name).collect()
}

#[test]
fn before_the_migration_each_function_chose_its_own_names() {
    let spans = spans_of(async {
        let bookings = before::Bookings {
            free: 8,
            ..before::Bookings::default()
        };
        bookings.create("hamlet", 2).await.expect("a booking");
    });
    // `create` ends last: the spawned task held its span.
    assert_eq!(names(&spans), ["charge", "confirm", "create"]);
    let keys = spans[2].attributes.iter().map(|one| one.key.as_str());
    let own = ["show", "seats", "booking_id"];
    assert_eq!(keys.filter(|key| own.contains(key)).count(), 3);
}

async fn book(seats: u8) {
    let bookings = migrated::Bookings {
        free: 8,
        ..migrated::Bookings::default()
    };
    let _ = bookings.create("hamlet", seats).await;
}

/// Books this many seats, and returns the recorded telemetry.
fn recorded(seats: u8) -> TestScope {
    let scope = testing::scope();
    block_on(scope.run_async(book(seats)));
    scope
}

#[test]
fn a_migrated_function_records_the_attributes_of_the_contract() {
    let scope = recorded(2);
    scope
        .operation::<booking::BookingCreate>()
        .once()
        .succeeded()
        .with(ShowId::from("hamlet"))
        .with(SeatCount::saturating(2))
        .with(BookingId::from("bkg_2"));
    scope
        .operation::<booking::PaymentCharge>()
        .once()
        .child_of::<booking::BookingCreate>();
    scope.assert_contract(&booking::CONTRACT);
}

#[test]
fn a_spawned_task_stays_in_the_trace() {
    recorded(2)
        .operation::<booking::ConfirmationSend>()
        .once()
        .child_of::<booking::BookingCreate>();
}

#[test]
fn errors_have_classes() {
    let sold_out = recorded(9);
    let create = sold_out.operation::<booking::BookingCreate>();
    create.once().failed(ErrorType::SoldOut);

    let declined = recorded(7);
    let charge = declined.operation::<booking::PaymentCharge>();
    charge.once().failed(ErrorType::PaymentDeclined);
    let create = declined.operation::<booking::BookingCreate>();
    create.once().failed(ErrorType::PaymentDeclined);
}

#[test]
fn every_entry_of_the_contract_except_refunds_is_covered() {
    let scope = testing::scope();
    block_on(scope.run_async(async {
        for seats in [2, 7, 9] {
            book(seats).await;
        }
    }));
    // `refunds.rs` has tests of its own.
    let coverage = Coverage::of(&booking::CONTRACT)
        .exclude("operation refund.find")
        .exclude("error ledger_unavailable of refund.find")
        .exclude("operation refund.pay")
        .exclude("error ledger_unavailable of refund.pay")
        .exclude("value refund.reason = cancelled_show")
        .exclude("value refund.reason = goodwill");
    scope.assert_coverage(coverage);
}

/// A caller that is not migrated yet.
#[tracing::instrument]
async fn handle_request() {
    book(2).await;
}

#[test]
fn functions_can_be_migrated_one_by_one() {
    let spans = spans_of(async {
        let scope = testing::scope();
        scope.run_async(handle_request()).await;
        let create = scope.operation::<booking::BookingCreate>().once();
        assert_ne!(
            create.span().parent_span_id,
            SpanId::INVALID,
            "the span of the caller"
        );
    });
    assert_eq!(names(&spans), ["handle_request"]);
}
