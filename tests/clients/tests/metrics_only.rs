//! Client operations of a process without a tracer provider. Providers belong to the process, so this is its only test.

mod support;

use support::metrics::{attributes_of_the_duration, install_meters, reserve, send};
use test_clients::clients::{self, OrderId};

#[tokio::test]
async fn without_spans_a_request_belongs_to_the_innermost_operation() {
    let metrics = install_meters(None);
    reserve().run(send()).await.expect("a response");
    assert_eq!(
        attributes_of_the_duration(&metrics),
        ["http.request.method=GET", "http.response.status_code=202"]
    );

    let metrics = install_meters(None);
    let plan = clients::StockPlan {
        order_id: OrderId::from("ord_17"),
    };
    reserve().run(plan.run(send())).await.expect("a response");
    assert_eq!(attributes_of_the_duration(&metrics), [""; 0]);
}
