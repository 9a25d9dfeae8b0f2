//! What a collector answers to an export that it took.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use prost::bytes::Bytes;

/// A collector tells nothing in more bytes than this.
pub(super) const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// The body of an answer with a status that means success.
#[derive(Debug)]
pub(super) enum Answer {
    /// A message of OTLP; empty where everything was taken.
    Message(Bytes),
    /// No message of OTLP, but content of this type, as something in front of the collector may send it.
    #[cfg(feature = "otlp-http")]
    Other(String),
}

/// The response message of a signal.
pub(super) trait Response: Message + Default {
    /// What its partial success says.
    fn partial_success(self) -> Option<(i64, String)>;
}

macro_rules! responses {
    ($($response:ident $rejected:ident),+) => {$(
        impl Response for $response {
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
    use super::Response;
    use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;

    responses!(ExportLogsServiceResponse rejected_log_records);
}

/// What became of the items of an export that was answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) rejected: u64,
    /// The collector's own words about it, or about something else: a warning.
    pub(super) message: Option<String>,
}

impl Answer {
    /// Reads it as the response to an export of so many items. `Err` where it cannot be read.
    pub(super) fn read<R: Response>(self, items: u64) -> Result<Taken, String> {
        let body = match self {
            Self::Message(body) => body,
            #[cfg(feature = "otlp-http")]
            Self::Other(content) => {
                let message =
                    format!("the collector answered with `{content}` instead of an OTLP message");
                return Ok(Taken {
                    rejected: 0,
                    message: Some(message),
                });
            }
        };
        let response = R::decode(body)
            .map_err(|error| format!("the answer of the collector cannot be decoded: {error}"))?;
        let (rejected, message) = response.partial_success().unwrap_or_default();
        // A collector cannot reject more than it was sent, nor less than nothing.
        let claimed = u64::try_from(rejected).unwrap_or(0);
        let message = match (rejected, message.is_empty()) {
            (0, true) => None,
            (rejected, true) => Some(format!(
                "the collector rejected {rejected} items without a reason"
            )),
            (_, false) => Some(message),
        };
        Ok(Taken {
            rejected: claimed.min(items),
            message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    fn read(rejected: i64, message: &str) -> Taken {
        let response = ExportTraceServiceResponse {
            partial_success: Some(ExportTracePartialSuccess {
                rejected_spans: rejected,
                error_message: message.to_owned(),
            }),
        };
        let answer = Answer::Message(response.encode_to_vec().into());
        let taken = answer.read::<ExportTraceServiceResponse>(3);
        taken.expect("a sound message")
    }

    #[test]
    fn claims_are_held_to_what_was_sent() {
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
            let taken = read(claimed, "too old");
            assert_eq!(taken.rejected, counted, "{claimed}");
            assert_eq!(taken.message.as_deref(), Some("too old"));
        }
        assert_eq!(read(0, "").message, None);
        assert!(
            read(-1, "")
                .message
                .is_some_and(|message| message.contains("-1"))
        );
    }

    #[test]
    fn what_is_no_response_is_told_from_an_empty_one() {
        let read = |body: &'static [u8]| {
            let answer = Answer::Message(Bytes::from_static(body));
            answer.read::<ExportMetricsServiceResponse>(3)
        };
        let everything = Taken {
            rejected: 0,
            message: None,
        };
        assert_eq!(read(b""), Ok(everything));
        assert!(read(b"\xff\xff\xff\xff").is_err());
        assert!(read(b"<html>").is_err());
    }

    #[cfg(feature = "otlp-http")]
    #[test]
    fn content_that_is_no_response_is_a_warning() {
        let page = Answer::Other("text/html".to_owned());
        let page = page.read::<ExportMetricsServiceResponse>(3);
        let page = page.expect("the status means success");
        assert_eq!(page.rejected, 0);
        assert!(
            page.message
                .is_some_and(|message| message.contains("text/html"))
        );
    }
}
