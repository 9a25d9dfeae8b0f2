use super::*;
use http::HeaderValue;

/// Returns a `google.rpc.Status` with a `RetryInfo` of this delay, in the Base64 of `grpc-status-details-bin`.
fn details(delay: Option<Delay>) -> String {
    let info = Detail {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
        value: RetryInfo { delay }.encode_to_vec(),
    };
    let other = Detail {
        type_url: "type.googleapis.com/google.rpc.DebugInfo".to_owned(),
        value: vec![0xff],
    };
    let details = vec![other, info];
    encoded(&Details { details }.encode_to_vec())
}

fn encoded(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for position in 0..=group.len() {
            text.push(char::from(
                DIGITS[(bits >> (18 - 6 * position)) as usize & 63],
            ));
        }
    }
    text
}

fn retry_of(code: &str, details: Option<&str>) -> Retry {
    let mut headers = HeaderMap::new();
    headers.insert(
        "grpc-status",
        HeaderValue::from_str(code).expect("a header"),
    );
    if let Some(details) = details {
        let details = HeaderValue::from_str(details).expect("a header");
        headers.insert("grpc-status-details-bin", details);
    }
    let status = parse_status(&headers).expect("a status");
    status.expect_err("a failure").retry
}

#[test]
fn only_the_codes_of_the_specification_are_retried() {
    let retryable = [
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "DATA_LOSS",
    ];
    for (number, name) in GrpcStatus::NAMES.iter().enumerate().skip(1) {
        let expected = if retryable.contains(name) {
            Retry::Backoff
        } else {
            Retry::Never
        };
        assert_eq!(retry_of(&number.to_string(), None), expected, "{name}");
    }
    for unknown in ["17", "-1", "99999999999999999999", "none", ""] {
        assert_eq!(retry_of(unknown, None), Retry::Never, "{unknown}");
    }
    let success: HeaderMap = HeaderMap::from_iter([("grpc-status", "0")].map(|(name, value)| {
        (
            http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    }));
    assert_eq!(parse_status(&success), Some(Ok(())));
    assert_eq!(parse_status(&HeaderMap::new()), None);
}

#[test]
fn a_delay_of_the_collector_is_read_and_limited() {
    let retry_with_delay =
        |code, seconds, nanos| retry_of(code, Some(&details(Some(Delay { seconds, nanos }))));
    let delay = Duration::from_millis(1_500);
    assert_eq!(retry_with_delay("14", 1, 500_000_000), Retry::After(delay));
    assert_eq!(retry_with_delay("8", 1, 500_000_000), Retry::After(delay));
    // A `RetryInfo` without a delay allows a retry, and the client chooses the pause.
    assert_eq!(retry_of("8", Some(&details(None))), Retry::Backoff);
    for (seconds, nanos) in [(0, 0), (-5, 0), (i64::MIN, i32::MIN)] {
        assert_eq!(
            retry_with_delay("8", seconds, nanos),
            Retry::Backoff,
            "{seconds}"
        );
    }
    let Retry::After(longest) = retry_with_delay("14", i64::MAX, i32::MAX) else {
        panic!("a delay");
    };
    assert!(longest.checked_add(longest).is_some(), "{longest:?}");
    // A delay does not make other codes retryable.
    assert_eq!(retry_with_delay("3", 1, 0), Retry::Never);
    for garbage in ["", "%%%", "A", "AAAA====", "/////w"] {
        assert_eq!(retry_of("8", Some(garbage)), Retry::Never, "{garbage}");
        assert_eq!(retry_of("14", Some(garbage)), Retry::Backoff, "{garbage}");
    }
}

#[test]
fn encoded_text_is_decoded() {
    for length in 0..20_u8 {
        let bytes: Vec<u8> = (0..length).map(|at| at.wrapping_mul(83) ^ 0xa5).collect();
        let mut text = encoded(&bytes);
        assert_eq!(base64_decoded(text.as_bytes()), Some(bytes.clone()));
        while !text.len().is_multiple_of(4) {
            text.push('=');
        }
        assert_eq!(base64_decoded(text.as_bytes()), Some(bytes));
    }
    assert_eq!(
        percent_decoded(b"not%20now%2e 100% %zz %"),
        "not now. 100% %zz %"
    );
    assert_eq!(percent_decoded(b"%ff%C3%A9"), "\u{fffd}é");
}
