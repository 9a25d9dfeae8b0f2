//! Enums of closed sets: conversion to and from text, every value, and `_OTHER` only if the contract allows it.

use test_vocabulary::billing::AccountTier;
use test_vocabulary::forms::{WorkCode, WorkKind};

pub(crate) fn main() {
    assert_eq!(WorkKind::ALL, [WorkKind::Small, WorkKind::Large]);
    assert_eq!("large".parse::<WorkKind>().unwrap(), WorkKind::Large);
    assert_eq!(WorkKind::Small.to_string(), "small");
    let error = "huge".parse::<WorkKind>().unwrap_err();
    assert_eq!(error.to_string(), "`huge` is not a value of `work.kind`; allowed: small, large");
    assert_eq!(AccountTier::from_str_or_other("trial"), AccountTier::Other);
    assert_eq!(AccountTier::from_str_or_other("pro").as_str(), "pro");
    assert_eq!(AccountTier::Other.as_str(), "_OTHER");
    assert_eq!(AccountTier::ALL.len(), 3);
    assert_eq!(WorkCode::try_from(404).unwrap().as_i64(), 404);
    assert_eq!(WorkCode::try_from(500).unwrap_err().to_string(), "`500` is not a value of `work.code`; allowed: 200, 404");
    assert_eq!(i64::from(WorkCode::ALL[0]), 200);
}
