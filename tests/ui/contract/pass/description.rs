//! `CONTRACT` describes the whole contract.

use otel_contract::description::{Cardinality, Privacy, RequirementLevel};
use test_vocabulary::billing::CONTRACT;

pub(crate) fn main() {
    assert_eq!((CONTRACT.name, CONTRACT.version), ("billing", "1.2.0"));
    assert_eq!(CONTRACT.owners, ["@acme/billing"]);
    assert_eq!(CONTRACT.baggage, ["account.tier"]);
    let tier = CONTRACT.attribute("account.tier").unwrap();
    assert_eq!(tier.cardinality, Cardinality::Closed(4));
    assert_eq!(tier.values, ["free", "pro", "enterprise"]);
    assert_eq!(tier.privacy, Privacy::Public);
    assert_eq!((tier.location.file, tier.location.line), ("tests/vocabulary/schema/shared/account.yaml", 8));
    let queue = CONTRACT.attribute("queue.name").unwrap();
    assert_eq!(queue.cardinality, Cardinality::Bounded(50));
    let cvv = CONTRACT.attribute("payment.card_cvv").unwrap();
    assert_eq!((cvv.privacy, cvv.value_type), (Privacy::Secret, ""));
    let create = CONTRACT.operation("invoice.create").unwrap();
    let uses: Vec<_> = create.attributes.iter().map(|used| (used.key, used.level)).collect();
    assert_eq!(
        uses,
        [
            ("order.id", RequirementLevel::Required),
            ("retry.attempt", RequirementLevel::Recommended),
            ("invoice.id", RequirementLevel::OnSuccess),
            ("account.id", RequirementLevel::Required),
            ("account.tier", RequirementLevel::Required),
        ]
    );
    assert_eq!(create.errors, ["order_not_found", "gateway_timeout"]);
    assert_eq!(create.dimensions, Some(&["account.tier"][..]));
    assert_eq!(CONTRACT.metrics[0].name, "invoice.gateway.retries");
    assert_eq!(CONTRACT.events[0].severity, "warn");
}
