//! Status codes of gRPC: <https://grpc.io/docs/guides/status-codes/>.

/// Status of a gRPC call, 0 to 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrpcStatus(pub(crate) u8);

impl GrpcStatus {
    /// Names of the codes, by number.
    pub(crate) const NAMES: [&'static str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    /// Parses the value of `grpc-status`. A code that gRPC does not define is `UNKNOWN`, as gRPC clients read it.
    #[cfg(any(feature = "edge", feature = "edge-client"))]
    pub(crate) fn parse(text: &str) -> Self {
        let code = text.parse().ok();
        let known = code.filter(|code: &u8| usize::from(*code) < Self::NAMES.len());
        Self(known.unwrap_or(2))
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[usize::from(self.0)]
    }

    /// Returns the status with this name.
    #[cfg(feature = "testing")]
    pub(crate) fn of(name: &str) -> Option<Self> {
        let position = Self::NAMES.iter().position(|known| *known == name)?;
        u8::try_from(position).ok().map(Self)
    }

    /// Whether the conventions count the status as an error of the server.
    pub(crate) fn is_server_error(self) -> bool {
        matches!(
            self.name(),
            "UNKNOWN"
                | "DEADLINE_EXCEEDED"
                | "UNIMPLEMENTED"
                | "INTERNAL"
                | "UNAVAILABLE"
                | "DATA_LOSS"
        )
    }
}
