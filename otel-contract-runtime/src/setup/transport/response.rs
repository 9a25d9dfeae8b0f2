//! The response of a collector to a successful export.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use prost::bytes::Bytes;

/// Maximum length of a response in bytes. A longer response is an error.
pub(super) const MAX_RESPONSE: usize = 4 * 1024 * 1024;

/// The body of a response with a status that means success.
#[derive(Debug)]
pub(super) enum ResponseBody {
    /// An OTLP message. An empty message means that all items were accepted.
    Message(Bytes),
    /// Content of another type, for example from a proxy.
    #[cfg(feature = "otlp-http")]
    Other(String),
}

/// The response message of a signal.
pub(super) trait ResponseMessage: Message + Default {
    /// Returns the number of rejected items and the message of a partial success.
    fn partial_success(self) -> Option<(i64, String)>;
}

macro_rules! responses {
    ($($response:ident $rejected:ident),+) => {$(
        impl ResponseMessage for $response {
            fn partial_success(self) -> Option<(i64, String)> {
                let partial = self.partial_success?;
                Some((partial.$rejected, partial.error_message))
            }
        }
    )+};
}

responses!(
    ExportTraceServiceResponse rejected_spans,
    ExportMetricsServiceResponse rejected_data_points
);

#[cfg(feature = "logs")]
mod logs {
    use super::ResponseMessage;
    use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;

    responses!(ExportLogsServiceResponse rejected_log_records);
}

/// Outcome of a successful export.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) rejected: u64,
    /// Message of the collector: the reason of the rejection, or a warning if it rejected no items.
    pub(super) message: Option<String>,
}

impl ResponseBody {
    /// Decodes the response to an export of this number of items.
    pub(super) fn read<R: ResponseMessage>(self, items: u64) -> Result<Outcome, String> {
        let body = match self {
            Self::Message(body) => body,
            #[cfg(feature = "otlp-http")]
            Self::Other(content_type) => {
                let message = format!(
                    "the collector responded with `{content_type}` instead of an OTLP message"
                );
                return Ok(Outcome {
                    rejected: 0,
                    message: Some(message),
                });
            }
        };
        let response = R::decode(body)
            .map_err(|error| format!("the response of the collector cannot be decoded: {error}"))?;
        let (rejected, message) = response.partial_success().unwrap_or_default();
        // The collector may report a negative number, or more items than were sent.
        let counted = u64::try_from(rejected).unwrap_or(0).min(items);
        let message = match (rejected, message.is_empty()) {
            (0, true) => None,
            (rejected, true) => Some(format!(
                "the collector rejected {rejected} items without a reason"
            )),
            (_, false) => Some(message),
        };
        Ok(Outcome {
            rejected: counted,
            message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    fn read(rejected: i64, message: &str) -> Outcome {
        let response = ExportTraceServiceResponse {
            partial_success: Some(ExportTracePartialSuccess {
                rejected_spans: rejected,
                error_message: message.to_owned(),
            }),
        };
        let body = ResponseBody::Message(response.encode_to_vec().into());
        let outcome = body.read::<ExportTraceServiceResponse>(3);
        outcome.expect("a valid message")
    }

    #[test]
    fn the_number_of_rejected_items_is_limited_to_the_items_that_were_sent() {
        let table = [
            (0, 0),
            (1, 1),
            (3, 3),
            (4, 3),
            (i64::MAX, 3),
            (-1, 0),
            (i64::MIN, 0),
        ];
        for (claimed, counted) in table {
            let outcome = read(claimed, "too old");
            assert_eq!(outcome.rejected, counted, "{claimed}");
            assert_eq!(outcome.message.as_deref(), Some("too old"));
        }
        assert_eq!(read(0, "").message, None);
        assert!(
            read(-1, "")
                .message
                .is_some_and(|message| message.contains("-1"))
        );
    }

    #[test]
    fn bytes_that_are_not_a_response_are_an_error_and_an_empty_response_is_not() {
        let read = |body: &'static [u8]| {
            let body = ResponseBody::Message(Bytes::from_static(body));
            body.read::<ExportMetricsServiceResponse>(3)
        };
        let everything = Outcome {
            rejected: 0,
            message: None,
        };
        assert_eq!(read(b""), Ok(everything));
        assert!(read(b"\xff\xff\xff\xff").is_err());
        assert!(read(b"<html>").is_err());
    }

    #[cfg(feature = "otlp-http")]
    #[test]
    fn content_of_another_type_is_a_warning() {
        let page = ResponseBody::Other("text/html".to_owned());
        let page = page.read::<ExportMetricsServiceResponse>(3);
        let page = page.expect("the status means success");
        assert_eq!(page.rejected, 0);
        assert!(
            page.message
                .is_some_and(|message| message.contains("text/html"))
        );
    }
}
