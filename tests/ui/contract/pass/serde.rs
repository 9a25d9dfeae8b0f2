//! With the feature `serde`, attribute types are serialized as their recorded values.

use test_vocabulary::billing::{AccountTier, OrderId, QueueName};
use test_vocabulary::forms::{WorkCode, WorkStep, WorkTags, WorkUrgent};

pub(crate) fn main() {
    let json = serde_json::to_string(&(AccountTier::Other, OrderId::new("o"), WorkStep::MAX, WorkCode::ALL)).unwrap();
    assert_eq!(json, r#"["_OTHER","o",2,[200,404]]"#);
    let (tier, order, step): (AccountTier, OrderId, WorkStep) = serde_json::from_str(r#"["pro","o",-1]"#).unwrap();
    assert_eq!((tier, order.as_str(), step.as_i64()), (AccountTier::Pro, "o", -1));
    assert_eq!(serde_json::from_str::<AccountTier>(r#""_OTHER""#).unwrap(), AccountTier::Other);
    let error = serde_json::from_str::<WorkStep>("7").unwrap_err();
    assert!(error.to_string().starts_with("`7` is not a value of `work.step`; allowed: -2 to 2"));
    let error = serde_json::from_str::<AccountTier>(r#""trial""#).unwrap_err();
    assert!(error.to_string().starts_with("`trial` is not a value of `account.tier`; allowed: free, pro, enterprise"));
    let tags: WorkTags = serde_json::from_str(r#"["a","b"]"#).unwrap();
    assert_eq!(serde_json::to_string(&(tags, WorkUrgent::from(true))).unwrap(), r#"[["a","b"],true]"#);
    // A deserialized value counts against the limit when it is recorded.
    let queue: QueueName = serde_json::from_str(r#""mail""#).unwrap();
    assert_eq!(queue, QueueName::capped("mail"));
    assert_eq!(serde_json::to_string(&queue).unwrap(), r#""mail""#);
}
