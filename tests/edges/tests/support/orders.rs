//! What the services of the tests do, without a framework.

use std::time::Duration;
use test_edges::edges::{self, ErrorClass, instrumented_operation};

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(edges)]
pub(crate) enum ShowError {
    #[error("there is no such order")]
    #[error_class(order_not_found)]
    NotFound,
    #[error("the database failed")]
    #[error_class(store_failed)]
    Store,
}

impl ShowError {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Store => 500,
        }
    }
}

#[instrumented_operation(edges::OrderRead, order.id = id)]
pub(crate) async fn read(id: &str) -> Result<(), ShowError> {
    match id {
        "missing" => Err(ShowError::NotFound),
        "broken" => Err(ShowError::Store),
        "panic" => panic!("the handler panics"),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        _ => Ok(()),
    }
}

#[derive(serde::Deserialize)]
pub(crate) struct NewOrder {
    pub(crate) lines: Vec<String>,
}

/// Parts of a streamed body. The fourth fails, if there is one.
pub(crate) fn parts<Part: From<&'static str>>(
    count: u32,
    pause: Duration,
) -> impl futures_util::Stream<Item = Result<Part, std::io::Error>> {
    futures_util::stream::unfold(0, move |sent| async move {
        if sent == count {
            return None;
        }
        tokio::time::sleep(pause).await;
        let part = if sent == 3 {
            Err(std::io::Error::other("the database is gone"))
        } else {
            Ok(Part::from("part\n"))
        };
        let _ = read("17").await;
        Some((part, sent + 1))
    })
}
