//! The less common forms of `docs/annotate.md`.

use booking_service::refunds::{Ledger, Refund, pay};
use booking_telemetry::booking::testing;
use booking_telemetry::booking::{
    self, BookingId, ErrorType, RefundApprover, RefundReason, SeatCount,
};

#[test]
fn an_err_without_a_class_is_no_failure() {
    let scope = testing::scope();
    scope
        .run(|| Ledger::default().find("bkg_1"))
        .expect_err("no refund");
    scope.operation::<booking::RefundFind>().once().succeeded();

    let scope = testing::scope();
    let ledger = Ledger { is_down: true };
    scope.run(|| ledger.find("bkg_1")).expect_err("no answer");
    let find = scope.operation::<booking::RefundFind>().once();
    find.failed(ErrorType::LedgerUnavailable);
}

#[test]
fn an_operation_can_be_started_and_ended_by_hand() {
    let scope = testing::scope();
    scope.run(|| {
        let refund = Refund::start(&BookingId::from("bkg_1"));
        refund.approve("house");
        refund.paid();
    });
    let paid = scope.operation::<booking::RefundPay>().once().succeeded();
    paid.with((RefundReason::Goodwill, RefundApprover::from("house")));
    scope.assert_contract(&booking::CONTRACT);

    let scope = testing::scope();
    scope.run(|| Refund::start(&BookingId::from("bkg_1")).failed());
    let failed = scope.operation::<booking::RefundPay>().once();
    failed.failed(ErrorType::LedgerUnavailable);
}

#[tokio::test]
async fn a_block_can_be_the_operation() {
    let scope = testing::scope();
    let booking = BookingId::from("bkg_1");
    scope.run_async(pay(&booking, 2)).await.expect("paid");
    let paid = scope.operation::<booking::RefundPay>().once().succeeded();
    paid.with(SeatCount::saturating(2));
}
