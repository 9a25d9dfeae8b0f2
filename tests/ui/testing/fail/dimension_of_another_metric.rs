//! Series can be selected only by a dimension of their metric.

use test_vocabulary::billing::metrics::InvoiceGatewayRetries;
use test_vocabulary::billing::{AccountTier, OrderId, testing};

fn main() {
    let scope = testing::scope();
    let retries = scope.metric::<InvoiceGatewayRetries>().having(AccountTier::Pro);
    retries.having(OrderId::new("ord_1")).never();
}
