//! Requests that no handler completes leave their span and their metric: rejections, panics, timeouts, and clients that go
//! away.

#[path = "support/recording.rs"]
mod recording;
#[path = "support/stack.rs"]
#[allow(dead_code)] // Other tests use the other services.
mod stack;

use checkout_telemetry::checkout::testing::{OneOperation, Recording};
use checkout_telemetry::checkout::{
    self, ErrorType, HttpRequestMethod, HttpResponseStatusCode, HttpRoute,
};
use stack::Service;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use test_receiver::{Behaviour, Receiver};

/// What a gateway sent for one request, and the status of its response; 0 without one.
struct Served {
    status: u16,
    recording: Recording,
}

/// Sends a request to a new gateway. `is_left`: the client closes the connection instead of reading the response.
fn serve(arguments: &[&str], request: &str, is_left: bool) -> Served {
    let receiver = Receiver::start(Behaviour::Accept);
    let endpoint = receiver.endpoint();
    let gateway = Service::start(
        &[&["gateway"], arguments].concat(),
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
        ],
    );
    let url = gateway.url();
    let address = url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).expect("the gateway listens");
    connection
        .write_all(request.as_bytes())
        .expect("the gateway reads");
    let mut response = String::new();
    if is_left {
        std::thread::sleep(Duration::from_millis(300));
    } else {
        let _ = connection.read_to_string(&mut response);
    }
    drop(connection);
    receiver.wait(|received| received.spans().count() > 0);
    let ended = gateway.stop();
    assert!(ended.success, "{}", ended.stderr);
    let status = response
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Served {
        status: status.unwrap_or(0),
        recording: recording::recording(&receiver.received()),
    }
}

fn charge(body: &str) -> String {
    format!(
        "POST /charges HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn charge_with(card_token: &str) -> String {
    charge(&format!(
        "{{\"order_id\": \"ord_1\", \"amount_cents\": 100, \"card_token\": \"{card_token}\", \"attempt\": 0}}"
    ))
}

/// Returns the one charge of the gateway, which has its route and one point of its duration.
fn charged(recording: &Recording) -> OneOperation<checkout::PaymentCharge> {
    recording.duration::<checkout::PaymentCharge>().count(1);
    recording
        .operation::<checkout::PaymentCharge>()
        .once()
        .with(HttpRequestMethod::Post)
        .with(HttpRoute::capped(checkout::PaymentCharge::PATH))
}

#[test]
fn a_body_that_is_no_charge_is_rejected_with_422() {
    let served = serve(&[], &charge("{\"amount_cents\": 1}"), false);
    assert_eq!(served.status, 422);
    charged(&served.recording)
        .succeeded()
        .with(HttpResponseStatusCode::saturating(422));
}

#[test]
fn a_handler_that_panics_is_answered_with_500() {
    let served = serve(&[], &charge_with("tok_crash_1"), false);
    assert_eq!(served.status, 500);
    charged(&served.recording)
        .panicked()
        .with(HttpResponseStatusCode::saturating(500));
}

#[test]
fn a_slow_handler_is_answered_with_504() {
    let served = serve(&["--timeout", "100"], &charge_with("tok_slow_1"), false);
    assert_eq!(served.status, 504);
    charged(&served.recording)
        .cancelled()
        .with(HttpResponseStatusCode::saturating(504));
}

#[test]
fn a_client_that_goes_away_cancels_the_charge() {
    let served = serve(&[], &charge_with("tok_slow_1"), true);
    assert_eq!(served.status, 0);
    charged(&served.recording)
        .cancelled()
        .without::<HttpResponseStatusCode>();
}

#[test]
fn a_path_without_a_route_is_recorded_without_the_path() {
    let request = "GET /nobody@example.org HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n";
    let served = serve(&[], request, false);
    assert_eq!(served.status, 404);
    served
        .recording
        .operation::<checkout::CheckoutUnmatched>()
        .once()
        .succeeded()
        .with(HttpRoute::capped("_OTHER"))
        .with(HttpResponseStatusCode::saturating(404));
    assert!(!format!("{:?}", served.recording).contains("nobody"));
}

#[test]
fn a_charge_that_fails_has_the_class_of_its_handler() {
    let served = serve(&[], &charge_with("tok_broken_1"), false);
    assert_eq!(served.status, 500);
    charged(&served.recording)
        .failed(ErrorType::GatewayFailed)
        .with(HttpResponseStatusCode::saturating(500));
}
