//! The table: base contract, one edit, what is said.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "nothing",
        edits: &[
        ],
        says: &[
        ],
    },
    Case {
        name: "the contract is renamed",
        edits: &[
            ("contract: shop", "contract: store"),
        ],
        says: &[
            "major, breaks queries and dashboards and code: contract: the contract is called `store`, it was `shop`: module and instrumentation scope are others",
        ],
    },
    Case {
        name: "schema URL",
        edits: &[
            ("shop/1.2.0", "shop/1.3.0"),
        ],
        says: &[
            "patch: schema_url: the schema URL is `https://telemetry.acme.example/schemas/shop/1.3.0`",
        ],
    },
    Case {
        name: "brief of the contract",
        edits: &[
            ("Words of the shop.", "All words of the shop."),
        ],
        says: &[
            "patch: brief: the brief of the contract is reworded",
        ],
    },
    Case {
        name: "owners of the contract",
        edits: &[
            ("owners: [\"@acme/shop\"]", "owners: [\"@acme/platform\"]"),
        ],
        says: &[
            "patch: owners: the contract is now owned by `@acme/platform`",
        ],
    },
    Case {
        name: "budget raised",
        edits: &[
            ("series_per_metric: 2000", "series_per_metric: 3000"),
        ],
        says: &[
            "minor: budget.series_per_metric: a metric may have 3,000 series, it was 2,000",
        ],
    },
    Case {
        name: "budget lowered",
        edits: &[
            (", series: 20000", ", series: 10000"),
        ],
        says: &[
            "patch: budget.series: all metrics together may have 10,000 series, it was 20,000",
        ],
    },
    Case {
        name: "attribute added",
        edits: &[
            ("  unused.word:", "  new.word: { type: int, cardinality: unbounded, brief: New. }\n  unused.word:"),
        ],
        says: &[
            "minor: added: attribute `new.word` is new: unbounded, internal",
        ],
    },
    Case {
        name: "unused attribute removed",
        edits: &[
            ("  unused.word: { type: string, cardinality: unbounded, brief: Nothing uses it. }\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `unused.word` is removed; nothing used it; it was never deprecated",
        ],
    },
    Case {
        name: "attribute renamed without notice",
        edits: &[
            ("  unused.word: { type: string, cardinality: unbounded,", "  spare.word: { type: string, cardinality: unbounded, instead_of: [unused.word],"),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `unused.word` is removed, `spare.word` takes its place; nothing used it; it was never deprecated",
            "minor: added: attribute `spare.word` is new: unbounded, internal",
        ],
    },
    Case {
        name: "secret attribute removed",
        edits: &[
            ("  card.cvv: { privacy: secret, brief: Card verification value. }\n", ""),
        ],
        says: &[
            "patch: removed: secret attribute `card.cvv` is removed: it was recorded nowhere, and code that gives it still does not compile",
        ],
    },
    Case {
        name: "used attribute removed",
        edits: &[
            ("  retry.attempt: { range: [0, 5], brief: How many times it was retried. }\n", ""),
            ("      retry.attempt: recommended\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `retry.attempt` is removed; it was used by operation `order.create`; it was never deprecated",
        ],
    },
    Case {
        name: "dimension's attribute removed",
        edits: &[
            ("  payment.method: { values: [card, invoice], brief: How it is paid. }\n", ""),
            ("      payment.method: on_success\n", ""),
            ("payment.method: recommended, ", ""),
        ],
        says: &[
            "major, breaks queries and dashboards and code: removed: attribute `payment.method` is removed; it was used by operation `order.create` and metric `order.retries`; it was never deprecated",
        ],
    },
    Case {
        name: "announced attribute removed",
        edits: &[
            ("version: 1.2.0\n", "version: 2.0.0\n"),
            ("  purchase.id:\n    type: string\n    cardinality: unbounded\n    brief: What orders were called before.\n    deprecated: { replaced_by: order.ref, since: 1.1.0, removed_in: 2.0.0, emit: both }\n", ""),
            ("      purchase.id: recommended\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `purchase.id` is removed, `order.ref` takes its place; it was used by operation `order.create`; that was announced for 2.0.0",
        ],
    },
    Case {
        name: "announced attribute removed early",
        edits: &[
            ("  purchase.id:\n    type: string\n    cardinality: unbounded\n    brief: What orders were called before.\n    deprecated: { replaced_by: order.ref, since: 1.1.0, removed_in: 2.0.0, emit: both }\n", ""),
            ("      purchase.id: recommended\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `purchase.id` is removed, `order.ref` takes its place; it was used by operation `order.create`; that was announced for 2.0.0 only",
        ],
    },
    Case {
        name: "brief of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Identifier of the order."),
        ],
        says: &[
            "patch: brief: the brief of attribute `order.id` is reworded",
        ],
    },
    Case {
        name: "note of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    note: As support tools show it."),
        ],
        says: &[
            "patch: note: the note of attribute `order.id` is reworded",
        ],
    },
    Case {
        name: "examples",
        edits: &[
            ("examples: [ord_8Zk2]", "examples: [ord_1]"),
        ],
        says: &[
            "patch: examples: attribute `order.id` has other examples",
        ],
    },
    Case {
        name: "instead_of",
        edits: &[
            ("instead_of: [orderId]", "instead_of: [orderId, order_id]"),
        ],
        says: &[
            "patch: instead_of: messages point to `order.id` from other names",
        ],
    },
    Case {
        name: "owners of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    owners: [\"@acme/orders\"]"),
        ],
        says: &[
            "patch: owners: attribute `order.id` is now owned by `@acme/orders`",
        ],
    },
    Case {
        name: "expiry of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    expires: 2030-01-31"),
        ],
        says: &[
            "patch: expires: attribute `order.id` now expires on 2030-01-31",
        ],
    },
    Case {
        name: "allowance",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    allow: [near_duplicate]"),
        ],
        says: &[
            "patch: allow: other lints are allowed at attribute `order.id`",
        ],
    },
    Case {
        name: "Rust name of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    rust_name: OrderNumber"),
        ],
        says: &[
            "major, breaks code: rust_name: `order.id` is `OrderNumber` in Rust, it was `OrderId`",
        ],
    },
    Case {
        name: "newtype taken away",
        edits: &[
            ("    newtype: true\n", ""),
        ],
        says: &[
            "minor: newtype: `order.id` takes plain strings as well",
        ],
    },
    Case {
        name: "newtype asked for",
        edits: &[
            ("brief: Account. }", "brief: Account., newtype: true }"),
        ],
        says: &[
            "major, breaks code: newtype: `account.id` takes only its own type: plain strings do not compile",
        ],
    },
    Case {
        name: "type changed",
        edits: &[
            ("account.id: { type: string", "account.id: { type: int"),
        ],
        says: &[
            "major, breaks queries and code: type: `account.id` is of type `int`, it was `string`: comparisons with stored values fail",
        ],
    },
    Case {
        name: "value added to a final set",
        edits: &[
            ("values: [card, invoice]", "values: [card, invoice, voucher]"),
        ],
        says: &[
            "major, breaks code: values: `payment.method` has the new value `voucher`: a `match` without `_` and enums that derive `AttributeValue` do not compile without it",
        ],
    },
    Case {
        name: "value added to an open set",
        edits: &[
            ("      - { value: pro, brief: Paid monthly. }", "      - { value: pro, brief: Paid monthly. }\n      - { value: team, brief: Paid yearly. }"),
        ],
        says: &[
            "major, breaks code: values: `account.tier` has the new value `team`, which was `_OTHER` before: a `match` without `_` and enums that derive `AttributeValue` do not compile without it",
        ],
    },
    Case {
        name: "value removed",
        edits: &[
            ("values: [card, invoice]", "values: [card]"),
        ],
        says: &[
            "major, breaks queries and dashboards and code: values: `payment.method` no longer has the value `invoice`: searches for it find nothing, and code that gives it does not compile",
        ],
    },
    Case {
        name: "value reworded",
        edits: &[
            ("Paid monthly.", "Paid every month."),
        ],
        says: &[
            "patch: values: the brief of value `pro` of `account.tier` is reworded",
        ],
    },
    Case {
        name: "value deprecated",
        edits: &[
            ("{ value: pro, brief: Paid monthly. }", "{ value: pro, brief: Paid monthly., deprecated: { note: Say team. } }"),
        ],
        says: &[
            "minor: values: value `pro` of `account.tier` is deprecated: code that names it gets a warning",
        ],
    },
    Case {
        name: "value renamed in Rust",
        edits: &[
            ("{ value: pro, brief: Paid monthly. }", "{ value: pro, brief: Paid monthly., rust_name: Paid }"),
        ],
        says: &[
            "major, breaks code: values: value `pro` of `account.tier` is `Paid` in Rust, it was `Pro`",
        ],
    },
    Case {
        name: "integers in another order",
        edits: &[
            ("values: [200, 404]", "values: [404, 200]"),
        ],
        says: &[
            "major, breaks code: values: the values of `http.status` stand in another order: its Rust enum compares by it",
        ],
    },
    Case {
        name: "values of an open set in another order",
        edits: &[
            ("      - { value: free, brief: No contract. }\n", ""),
            ("      - { value: pro, brief: Paid monthly. }\n", "      - { value: pro, brief: Paid monthly. }\n      - { value: free, brief: No contract. }\n"),
        ],
        says: &[
            "major, breaks code: values: the values of `account.tier` stand in another order: its Rust enum compares by it",
        ],
    },
    Case {
        name: "values in another order around a new one",
        edits: &[
            ("values: [card, invoice]", "values: [invoice, cash, card]"),
        ],
        says: &[
            "major, breaks code: values: `payment.method` has the new value `cash`: a `match` without `_` and enums that derive `AttributeValue` do not compile without it",
            "major, breaks code: values: the values of `payment.method` stand in another order: its Rust enum compares by it",
        ],
    },
    Case {
        name: "values in another order",
        edits: &[
            ("values: [card, invoice]", "values: [invoice, card]"),
        ],
        says: &[
            "major, breaks code: values: the values of `payment.method` stand in another order: its Rust enum compares by it",
        ],
    },
    Case {
        name: "set opened by other",
        edits: &[
            ("values: [card, invoice]", "other: true, values: [card, invoice]"),
        ],
        says: &[
            "major, breaks code: other: `payment.method` takes values from outside as `_OTHER`: a `match` without `_` does not compile without `Other`",
        ],
    },
    Case {
        name: "set closed by other",
        edits: &[
            ("    other: true\n", ""),
        ],
        says: &[
            "major, breaks queries and code: other: `account.tier` is final: `_OTHER` is not recorded any more, and code that gives other values does not compile",
        ],
    },
    Case {
        name: "integer added to a set",
        edits: &[
            ("values: [200, 404]", "values: [200, 404, 500]"),
        ],
        says: &[
            "major, breaks code: values: `http.status` has the new value `500`: a `match` without `_` and enums that derive `AttributeValue` do not compile without it",
        ],
    },
    Case {
        name: "set becomes a range",
        edits: &[
            ("values: [200, 404]", "range: [200, 404]"),
        ],
        says: &[
            "major, breaks code: cardinality: `http.status` is closed, 205 values, it was closed, 2 values: its Rust type is another",
        ],
    },
    Case {
        name: "open text becomes a set",
        edits: &[
            ("unused.word: { type: string, cardinality: unbounded", "unused.word: { values: [a, b]"),
        ],
        says: &[
            "major, breaks queries and code: cardinality: `unused.word` is closed, 2 values, it was unbounded: its Rust type is another",
        ],
    },
    Case {
        name: "set becomes open text",
        edits: &[
            ("values: [small, large]", "type: string, cardinality: unbounded"),
        ],
        says: &[
            "major, breaks code: cardinality: `parcel.size` is unbounded, it was closed, 2 values: its Rust type is another",
        ],
    },
    Case {
        name: "set becomes bounded text",
        edits: &[
            ("values: [small, large]", "type: string, cardinality: bounded, limit: 5"),
        ],
        says: &[
            "major, breaks code: cardinality: `parcel.size` is bounded, at most 5 values, it was closed, 2 values: its Rust type is another",
        ],
    },
    Case {
        name: "range widened",
        edits: &[
            ("range: [0, 5]", "range: [0, 9]"),
        ],
        says: &[
            "minor: range: `retry.attempt` ranges from 0 to 9, it was 0 to 5: every value taken so far still is",
        ],
    },
    Case {
        name: "range narrowed",
        edits: &[
            ("range: [0, 5]", "range: [0, 3]"),
        ],
        says: &[
            "major, breaks code: range: `retry.attempt` ranges from 0 to 3, it was 0 to 5: values taken so far are refused",
        ],
    },
    Case {
        name: "limit raised",
        edits: &[
            ("limit: 50", "limit: 100"),
        ],
        says: &[
            "minor: limit: the limit of `queue.name` is 100, it was 50: more series, and fewer values end as `_OTHER`",
        ],
    },
    Case {
        name: "limit lowered",
        edits: &[
            ("limit: 50", "limit: 10"),
        ],
        says: &[
            "major, breaks queries: limit: the limit of `queue.name` is 10, it was 50: values recorded so far end as `_OTHER`",
        ],
    },
    Case {
        name: "bounded becomes unbounded",
        edits: &[
            ("cardinality: bounded, limit: 50", "cardinality: unbounded"),
        ],
        says: &[
            "major, breaks code: cardinality: `queue.name` is unbounded, it was bounded: no value ends as `_OTHER` any more, and `QueueName::capped` is gone",
        ],
    },
    Case {
        name: "unbounded becomes bounded",
        edits: &[
            ("job.name: { type: string, cardinality: unbounded", "job.name: { type: string, cardinality: bounded, limit: 20"),
        ],
        says: &[
            "major, breaks queries and code: cardinality: `job.name` is bounded, it was unbounded: past 20 values, those searched for end as `_OTHER`, and code names the cap with `JobName::capped`",
        ],
    },
    Case {
        name: "a bounded attribute of the resource is used elsewhere",
        edits: &[
            ("      queue.name: opt_in\n", "      queue.name: opt_in\n      zone.name: opt_in\n"),
        ],
        says: &[
            "major, breaks code: uses: `zone.name` is no longer of the resource alone: code names its cap with `ZoneName::capped`",
            "minor: attributes: operation `order.create` takes `zone.name` as well, `opt_in`",
        ],
    },
    Case {
        name: "internal becomes public",
        edits: &[
            ("account.id: { type", "account.id: { privacy: public, type"),
        ],
        says: &[
            "minor: privacy: `account.id` is public, it was internal: it may leave the company; see that whoever answers for privacy agrees",
        ],
    },
    Case {
        name: "public becomes internal",
        edits: &[
            ("    privacy: public\n", ""),
            ("baggage: [account.tier]\n", ""),
        ],
        says: &[
            "major, breaks queries: privacy: `account.tier` is internal, it was public: back ends outside of the company do not get it any more",
            "major, breaks code: removed: `account.tier` no longer travels with requests: services that read it there get nothing",
        ],
    },
    Case {
        name: "internal becomes personal",
        edits: &[
            ("account.id: { type", "account.id: { privacy: personal, protect: hash, type"),
        ],
        says: &[
            "major, breaks queries and code: privacy: `account.id` is personal, protected by `hash`: searches for clear values find nothing, and its Rust type is another",
        ],
    },
    Case {
        name: "personal becomes internal",
        edits: &[
            ("privacy: personal, protect: hash, ", ""),
        ],
        says: &[
            "major, breaks queries and code: privacy: `user.email` is internal, it was personal: values are recorded in the clear, and its Rust type is another; see that whoever answers for privacy agrees",
        ],
    },
    Case {
        name: "hash becomes mask",
        edits: &[
            ("protect: hash", "protect: mask"),
        ],
        says: &[
            "major, breaks queries: protect: `user.email` is protected by `mask`, it was `hash`: the same person is recorded as another value",
        ],
    },
    Case {
        name: "mask becomes keep_last",
        edits: &[
            ("protect: mask", "protect: { keep_last: 4 }"),
        ],
        says: &[
            "minor: protect: `user.phone` is protected by `keep_last: 4`, it was `mask`: more of the value is recorded; see that whoever answers for privacy agrees",
        ],
    },
    Case {
        name: "becomes secret",
        edits: &[
            ("unused.word: { type: string, cardinality: unbounded,", "unused.word: { privacy: secret,"),
        ],
        says: &[
            "major, breaks queries and code: privacy: `unused.word` is secret: it is recorded nowhere any more",
        ],
    },
    Case {
        name: "no longer secret",
        edits: &[
            ("card.cvv: { privacy: secret,", "card.cvv: { type: string, cardinality: unbounded,"),
        ],
        says: &[
            "minor: privacy: `card.cvv` is no longer secret but internal: see that whoever answers for privacy agrees",
        ],
    },
    Case {
        name: "attribute deprecated",
        edits: &[
            ("brief: Nothing uses it. }", "brief: Nothing uses it., deprecated: { replaced_by: job.name } }"),
        ],
        says: &[
            "minor: deprecated: attribute `unused.word` is deprecated in favour of `job.name`: code that names it gets a warning",
        ],
    },
    Case {
        name: "deprecation withdrawn",
        edits: &[
            ("    deprecated: { replaced_by: order.ref, since: 1.1.0, removed_in: 2.0.0, emit: both }\n", ""),
        ],
        says: &[
            "minor: deprecated: attribute `purchase.id` is no longer deprecated",
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded beside the key that replaces it: searches by it find nothing",
        ],
    },
    Case {
        name: "removal sooner",
        edits: &[
            ("removed_in: 2.0.0", "removed_in: 1.9.0"),
        ],
        says: &[
            "minor: deprecated.removed_in: attribute `purchase.id` is to be removed in 1.9.0, it was announced for 2.0.0",
        ],
    },
    Case {
        name: "removal later",
        edits: &[
            ("removed_in: 2.0.0", "removed_in: 3.0.0"),
        ],
        says: &[
            "patch: deprecated.removed_in: attribute `purchase.id` is to be removed in 3.0.0, it was announced for 2.0.0",
        ],
    },
    Case {
        name: "another replacement",
        edits: &[
            ("replaced_by: order.ref", "replaced_by: unused.word"),
        ],
        says: &[
            "minor: deprecated.replaced_by: attribute `purchase.id` is now replaced by `unused.word`",
        ],
    },
    Case {
        name: "no longer both keys",
        edits: &[
            (", emit: both", ""),
        ],
        says: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded beside the key that replaces it: searches by it find nothing",
        ],
    },
    Case {
        name: "the declared rename is made",
        edits: &[
            ("      purchase.id: recommended", "      order.ref: recommended"),
        ],
        says: &[
            "minor: attributes: operation `order.create` takes `order.ref` for `purchase.id`: both keys are recorded, and the macros take both names",
        ],
    },
    Case {
        name: "the declared rename is made of one key",
        edits: &[
            ("      purchase.id: recommended", "      order.ref: recommended"),
            (", emit: both", ""),
        ],
        says: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded beside the key that replaces it: searches by it find nothing",
            "major, breaks queries: attributes: operation `order.create` takes `order.ref` for `purchase.id`: only the key that is given is recorded, and the macros take both names",
        ],
    },
    Case {
        name: "the declared rename is made of a required attribute",
        edits: &[
            ("order.ref: { type: string, cardinality: unbounded, brief: Reference of the order. }", "order.ref: { type: string, cardinality: unbounded, brief: Reference of the order. }\n  order.key: { type: string, cardinality: unbounded, brief: Key of the order., newtype: true }"),
            ("    newtype: true\n", "    newtype: true\n    deprecated: { replaced_by: order.key, removed_in: 2.0.0, emit: both }\n"),
            ("      order.id: { level: required, sampling_relevant: true }", "      order.key: { level: required, sampling_relevant: true }"),
        ],
        says: &[
            "minor: deprecated: attribute `order.id` is deprecated in favour of `order.key`: code that names it gets a warning",
            "minor: deprecated.emit: `order.id` is recorded beside the key that replaces it",
            "minor: added: attribute `order.key` is new: unbounded, internal",
            "major, breaks code: attributes: operation `order.create` takes `order.key` for `order.id`: both keys are recorded, and the macros take both names, but a struct written by hand has another field",
        ],
    },
    Case {
        name: "the declared rename is made of a dimension",
        edits: &[
            ("  order.ref: { type: string, cardinality: unbounded,", "  pay.method: { values: [card, invoice], brief: How it is paid. }\n  order.ref: { type: string, cardinality: unbounded,"),
            ("{ values: [card, invoice], brief: How it is paid. }\n  http.status", "{ values: [card, invoice], brief: How it is paid., deprecated: { replaced_by: pay.method, removed_in: 2.0.0, emit: both } }\n  http.status"),
            ("account.tier: required, payment.method: recommended", "account.tier: required, pay.method: recommended"),
        ],
        says: &[
            "minor: deprecated: attribute `payment.method` is deprecated in favour of `pay.method`: code that names it gets a warning",
            "minor: deprecated.emit: `payment.method` is recorded beside the key that replaces it",
            "minor: added: attribute `pay.method` is new: closed, 2 values, internal",
            "major, breaks code: attributes: metric `order.retries` takes `pay.method` for `payment.method`: both keys are recorded, and its fields and setters have the new name",
        ],
    },
    Case {
        name: "group added",
        edits: &[
            ("  job: { brief", "  other: { order.ref: required }\n  job: { brief"),
        ],
        says: &[
            "minor: added: group `other` is new",
        ],
    },
    Case {
        name: "group removed",
        edits: &[
            ("  job: { brief: Every job., attributes: { job.name: recommended } }\n", ""),
            (", groups: [job]", ""),
        ],
        says: &[
            "major, breaks code: removed: group `job` is removed: code that names it does not compile",
            "major, breaks code: groups: operation `order.close` no longer takes group `job`: code that fills it does not compile",
            "major, breaks queries and code: attributes: operation `order.close` no longer takes `job.name`: searches by it find nothing, and code that gives it does not compile",
        ],
    },
    Case {
        name: "group reworded",
        edits: &[
            ("brief: Every job.", "brief: All jobs."),
        ],
        says: &[
            "patch: brief: the brief of group `job` is reworded",
        ],
    },
    Case {
        name: "group requires more",
        edits: &[
            ("{ job.name: recommended }", "{ job.name: recommended, order.ref: required }"),
        ],
        says: &[
            "major, breaks code: attributes: group `job` takes `order.ref` as well, `required`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "group recommends more",
        edits: &[
            ("{ job.name: recommended }", "{ job.name: recommended, order.ref: recommended }"),
        ],
        says: &[
            "minor: attributes: group `job` takes `order.ref` as well, `recommended`",
        ],
    },
    Case {
        name: "group lets go of an attribute",
        edits: &[
            ("{ job.name: recommended }", "{ order.ref: recommended }"),
        ],
        says: &[
            "minor: attributes: group `job` takes `order.ref` as well, `recommended`",
            "major, breaks queries and code: attributes: group `job` no longer takes `job.name`: searches by it find nothing, and code that gives it does not compile",
        ],
    },
    Case {
        name: "error classes change places",
        edits: &[
            ("  not_found: No order has that identifier.\n", ""),
            ("  declined: The card was declined.\n", "  declined: The card was declined.\n  not_found: No order has that identifier.\n"),
        ],
        says: &[
            "major, breaks code: order: the error classes stand in another order, from `timeout` on: `ErrorType` compares by it",
        ],
    },
    Case {
        name: "error classes change places around one that goes and one that comes",
        edits: &[
            ("  not_found: No order has that identifier.\n", "  declined: The card was declined.\n"),
            ("  timeout: { brief: The gateway did not answer. }\n  declined: The card was declined.\n", "  late: It was late.\n  not_found: No order has that identifier.\n"),
            ("errors: [not_found, timeout]", "errors: [not_found]"),
        ],
        says: &[
            "major, breaks queries and dashboards and code: removed: error class `timeout` is removed: searches, charts and alerts for it find nothing, and code that names it does not compile; it was never deprecated",
            "major, breaks code: added: error class `late` is new: a `match` over `ErrorType` without `_` does not compile without it",
            "major, breaks code: order: the error classes stand in another order, from `declined` on: `ErrorType` compares by it",
        ],
    },
    Case {
        name: "error class added",
        edits: &[
            ("  declined:", "  too_late: It was too late.\n  declined:"),
        ],
        says: &[
            "major, breaks code: added: error class `too_late` is new: a `match` over `ErrorType` without `_` does not compile without it",
        ],
    },
    Case {
        name: "error class removed",
        edits: &[
            ("  declined: The card was declined.\n", ""),
        ],
        says: &[
            "major, breaks queries and dashboards and code: removed: error class `declined` is removed: searches, charts and alerts for it find nothing, and code that names it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "error class reworded",
        edits: &[
            ("The card was declined.", "The bank declined the card."),
        ],
        says: &[
            "patch: brief: the brief of error class `declined` is reworded",
        ],
    },
    Case {
        name: "error class deprecated",
        edits: &[
            ("{ brief: The gateway did not answer. }", "{ brief: The gateway did not answer., deprecated: { note: Say declined. } }"),
        ],
        says: &[
            "minor: deprecated: error class `timeout` is deprecated: code that names it gets a warning",
        ],
    },
    Case {
        name: "operation added",
        edits: &[
            ("  order.close:", "  order.ship: { brief: Ship an order. }\n  order.close:"),
        ],
        says: &[
            "minor: added: operation `order.ship` is new",
        ],
    },
    Case {
        name: "operation removed",
        edits: &[
            ("  order.close: { brief: Close an order., groups: [job] }\n", ""),
        ],
        says: &[
            "major, breaks queries and dashboards and code: removed: operation `order.close` is removed: its spans and metrics end, and code that names it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "operation reworded",
        edits: &[
            ("Create an order.", "Create one order."),
        ],
        says: &[
            "patch: brief: the brief of operation `order.create` is reworded",
        ],
    },
    Case {
        name: "kind changed",
        edits: &[
            ("kind: internal", "kind: server"),
        ],
        says: &[
            "major, breaks queries: kind: operation `order.create` is of kind `server`, it was `internal`: searches and service maps by kind miss it",
        ],
    },
    Case {
        name: "operation's Rust name",
        edits: &[
            ("kind: internal", "kind: internal\n    rust_name: MakeOrder"),
        ],
        says: &[
            "major, breaks code: rust_name: operation `order.create` is `MakeOrder` in Rust, it was `OrderCreate`",
        ],
    },
    Case {
        name: "required attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      order.ref: required"),
            (", emit: both", ""),
        ],
        says: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded beside the key that replaces it: searches by it find nothing",
            "major, breaks code: attributes: operation `order.create` takes `order.ref` as well, `required`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "optional attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      job.name: recommended"),
        ],
        says: &[
            "minor: attributes: operation `order.create` takes `job.name` as well, `recommended`",
        ],
    },
    Case {
        name: "on_success attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      job.name: on_success"),
        ],
        says: &[
            "major, breaks code: attributes: operation `order.create` takes `job.name` as well, `on_success`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "attribute of an operation removed",
        edits: &[
            ("      retry.attempt: recommended\n", ""),
        ],
        says: &[
            "major, breaks queries and code: attributes: operation `order.create` no longer takes `retry.attempt`: searches by it find nothing, and code that gives it does not compile",
        ],
    },
    Case {
        name: "recommended becomes required",
        edits: &[
            ("retry.attempt: recommended", "retry.attempt: required"),
        ],
        says: &[
            "major, breaks code: level: `retry.attempt` of operation `order.create` is `required`, it was `recommended`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "required becomes recommended",
        edits: &[
            ("{ level: required, sampling_relevant: true }", "{ level: recommended, sampling_relevant: true }"),
        ],
        says: &[
            "major, breaks queries and code: level: `order.id` of operation `order.create` is `recommended`, it was `required`: it may be absent, and is no field of the struct any more",
        ],
    },
    Case {
        name: "opt_in becomes recommended",
        edits: &[
            ("queue.name: opt_in", "queue.name: recommended"),
        ],
        says: &[
            "minor: level: `queue.name` of operation `order.create` is `recommended`, it was `opt_in`",
        ],
    },
    Case {
        name: "on_success becomes recommended",
        edits: &[
            ("payment.method: on_success", "payment.method: recommended"),
        ],
        says: &[
            "major, breaks queries: level: `payment.method` of operation `order.create` is `recommended`, it was `on_success`: it may be absent",
        ],
    },
    Case {
        name: "on_success becomes required",
        edits: &[
            ("payment.method: on_success", "payment.method: required"),
        ],
        says: &[
            "major, breaks code: level: `payment.method` of operation `order.create` is `required`, it was `on_success`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "condition reworded",
        edits: &[
            ("If it was asked.", "If somebody asked."),
        ],
        says: &[
            "patch: level: operation `order.create` states the condition of `http.status` in other words",
        ],
    },
    Case {
        name: "sampler no longer sees it",
        edits: &[
            ("{ level: required, sampling_relevant: true }", "required"),
        ],
        says: &[
            "minor: sampling_relevant: the sampler no longer sees `order.id` of operation `order.create`",
        ],
    },
    Case {
        name: "sampler sees it",
        edits: &[
            ("retry.attempt: recommended", "retry.attempt: { level: recommended, sampling_relevant: true }"),
        ],
        says: &[
            "major, breaks code: sampling_relevant: `retry.attempt` of operation `order.create` is `sampling_relevant`: it cannot be set late any more, its setter is gone from the handle",
        ],
    },
    Case {
        name: "operation takes a group that gives nothing",
        edits: &[
            ("    groups: [account]", "    groups: [account, job]"),
        ],
        says: &[
            "minor: groups: operation `order.create` takes group `job` as well",
            "minor: attributes: operation `order.create` takes `job.name` as well, `recommended`",
        ],
    },
    Case {
        name: "operation takes a group that gives something",
        edits: &[
            ("groups: [job]", "groups: [job, account]"),
        ],
        says: &[
            "major, breaks code: groups: operation `order.close` takes group `account` as well: its struct has a field more, and what the group requires has to be given",
            "major, breaks code: attributes: operation `order.close` takes `account.id` as well, `required`: code that does not give it does not compile",
            "minor: attributes: operation `order.close` takes `account.tier` as well, `recommended`",
        ],
    },
    Case {
        name: "operation lets go of a group",
        edits: &[
            (", groups: [job]", ""),
        ],
        says: &[
            "major, breaks code: groups: operation `order.close` no longer takes group `job`: code that fills it does not compile",
            "major, breaks queries and code: attributes: operation `order.close` no longer takes `job.name`: searches by it find nothing, and code that gives it does not compile",
        ],
    },
    Case {
        name: "operation may fail with more",
        edits: &[
            ("errors: [not_found, timeout]", "errors: [not_found, timeout, declined]"),
        ],
        says: &[
            "minor: errors: operation `order.create` may fail with `declined` as well",
        ],
    },
    Case {
        name: "operation may fail with less",
        edits: &[
            ("errors: [not_found, timeout]", "errors: [not_found]"),
        ],
        says: &[
            "major, breaks code: errors: operation `order.create` may no longer fail with `timeout`: error types that have it do not compile",
        ],
    },
    Case {
        name: "operation may fail with anything",
        edits: &[
            ("    errors: [not_found, timeout]\n", ""),
        ],
        says: &[
            "minor: errors: operation `order.create` may fail with any class of the contract",
        ],
    },
    Case {
        name: "operation lists its errors",
        edits: &[
            ("groups: [job]", "groups: [job], errors: [timeout]"),
        ],
        says: &[
            "major, breaks code: errors: operation `order.close` lists its error classes: error types that go beyond them do not compile",
        ],
    },
    Case {
        name: "event of an operation gone",
        edits: &[
            ("    events: [order.rejected]\n", ""),
        ],
        says: &[
            "major, breaks queries: events: operation `order.create` no longer emits event `order.rejected`: searches for it there find nothing",
        ],
    },
    Case {
        name: "event of an operation new",
        edits: &[
            ("groups: [job]", "groups: [job], events: [order.rejected]"),
        ],
        says: &[
            "minor: events: operation `order.close` emits event `order.rejected` as well",
        ],
    },
    Case {
        name: "metrics switched off",
        edits: &[
            ("groups: [job]", "groups: [job], metrics: false"),
        ],
        says: &[
            "major, breaks dashboards: metrics: operation `order.close` records no metrics any more: `order.close.duration` ends",
        ],
    },
    Case {
        name: "dimension added",
        edits: &[
            ("dimensions: [account.tier]", "dimensions: [account.tier, payment.method]"),
        ],
        says: &[
            "major, breaks dashboards: metrics.dimensions: `order.create.duration` has the new dimension `payment.method`: every series is split by it, alerts that do not sum over it see parts",
        ],
    },
    Case {
        name: "dimension removed",
        edits: &[
            ("dimensions: [account.tier]", "dimensions: []"),
        ],
        says: &[
            "major, breaks dashboards: metrics.dimensions: `order.create.duration` no longer has the dimension `account.tier`: charts and alerts by it have nothing to show",
        ],
    },
    Case {
        name: "active switched off",
        edits: &[
            ("active: true", "active: false"),
        ],
        says: &[
            "major, breaks dashboards: metrics.active: `order.create.active` ends: charts and alerts over it have nothing to show",
        ],
    },
    Case {
        name: "active switched on",
        edits: &[
            ("groups: [job]", "groups: [job], metrics: { active: true }"),
        ],
        says: &[
            "minor: metrics.active: `order.close.active` is new",
        ],
    },
    Case {
        name: "buckets refined",
        edits: &[
            ("buckets: [0.1, 1, 10]", "buckets: [0.1, 0.5, 1, 10]"),
        ],
        says: &[
            "minor: metrics.buckets: `order.create.duration` has more buckets: every boundary so far is still there",
        ],
    },
    Case {
        name: "bucket taken away",
        edits: &[
            ("buckets: [0.1, 1, 10]", "buckets: [0.1, 10]"),
        ],
        says: &[
            "major, breaks dashboards: metrics.buckets: `order.create.duration` has other buckets: objectives over a boundary that is gone have nothing to count, and quantiles mix old and new",
        ],
    },
    Case {
        name: "ratio lowered",
        edits: &[
            ("ratio: 0.5", "ratio: 0.1"),
        ],
        says: &[
            "minor: sampling.ratio: 10 % of the traces of operation `order.create` are kept, it was 50 %: counts of spans change, metrics do not",
        ],
    },
    Case {
        name: "sampling begins",
        edits: &[
            ("groups: [job]", "groups: [job], sampling: { ratio: 0.1, keep: [errors] }"),
        ],
        says: &[
            "major, breaks queries: sampling.ratio: 10 % of the traces of operation `order.close` are kept, it was 100 %: a trace one looks for may not be there, and counts of spans fall",
        ],
    },
    Case {
        name: "everything is kept",
        edits: &[
            ("    sampling: { ratio: 0.5, keep: [errors, { slower_than: 2s }] }\n", ""),
        ],
        says: &[
            "minor: sampling.ratio: 100 % of the traces of operation `order.create` are kept, it was 50 %: counts of spans change, metrics do not",
        ],
    },
    Case {
        name: "errors no longer kept",
        edits: &[
            ("keep: [errors, { slower_than: 2s }]", "keep: [{ slower_than: 2s }]"),
        ],
        says: &[
            "major, breaks queries: sampling.keep: not every failed trace of operation `order.create` is kept any more: one may not be there",
        ],
    },
    Case {
        name: "fewer slow ones kept",
        edits: &[
            ("slower_than: 2s", "slower_than: 5s"),
        ],
        says: &[
            "major, breaks queries: sampling.keep: fewer slow traces of operation `order.create` are sure to be kept: one may not be there",
        ],
    },
    Case {
        name: "more slow ones kept",
        edits: &[
            ("slower_than: 2s", "slower_than: 500ms"),
        ],
        says: &[
            "minor: sampling.keep: every trace of operation `order.create` slower than 0.5 s is kept",
        ],
    },
    Case {
        name: "stability lowered",
        edits: &[
            ("stability: stable", "stability: development"),
        ],
        says: &[
            "major, breaks queries and dashboards: stability: operation `order.create` is no longer `stable` but `development`: the promise that it stays is taken back",
        ],
    },
    Case {
        name: "stability raised",
        edits: &[
            ("groups: [job]", "groups: [job], stability: stable"),
        ],
        says: &[
            "minor: stability: operation `order.close` is now `stable`, it was `development`",
        ],
    },
    Case {
        name: "metric added",
        edits: &[
            ("  order.size:", "  order.count: { instrument: counter, unit: \"{order}\", brief: Orders. }\n  order.size:"),
        ],
        says: &[
            "minor: added: metric `order.count` is new",
        ],
    },
    Case {
        name: "metric removed",
        edits: &[
            ("  order.size: { instrument: histogram, unit: By, brief: Size., buckets: [1000, 2000] }\n", ""),
        ],
        says: &[
            "major, breaks dashboards and code: removed: metric `order.size` is removed: charts and alerts over it have nothing to show; it was never deprecated",
        ],
    },
    Case {
        name: "instrument changed",
        edits: &[
            ("instrument: counter", "instrument: updowncounter"),
        ],
        says: &[
            "major, breaks dashboards and code: instrument: metric `order.retries` is of instrument `updowncounter`, it was `counter`: it is charted in another way and recorded by other methods",
        ],
    },
    Case {
        name: "unit changed",
        edits: &[
            ("unit: \"{retry}\"", "unit: \"{call}\""),
        ],
        says: &[
            "major, breaks dashboards: unit: metric `order.retries` is in `{call}`, it was in `{retry}`: every threshold over it is wrong",
        ],
    },
    Case {
        name: "value type changed",
        edits: &[
            ("unit: \"{retry}\"", "value_type: double\n    unit: \"{retry}\""),
        ],
        says: &[
            "major, breaks code: value_type: values of metric `order.retries` are `double`, they were `int`",
        ],
    },
    Case {
        name: "observable",
        edits: &[
            ("unit: \"{retry}\"", "observable: true\n    unit: \"{retry}\""),
        ],
        says: &[
            "major, breaks code: observable: metric `order.retries` is asked by a callback: code that records it does not compile",
        ],
    },
    Case {
        name: "metric's buckets",
        edits: &[
            ("buckets: [1000, 2000]", "buckets: [1000, 3000]"),
        ],
        says: &[
            "major, breaks dashboards: buckets: `order.size` has other buckets: objectives over a boundary that is gone have nothing to count, and quantiles mix old and new",
        ],
    },
    Case {
        name: "required dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: required"),
        ],
        says: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` takes `retry.attempt` as well, `required`: every series is split by it, and code that does not give it does not compile",
        ],
    },
    Case {
        name: "optional dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: recommended"),
        ],
        says: &[
            "major, breaks dashboards: attributes: metric `order.retries` takes `retry.attempt` as well, `recommended`: every series is split by it",
        ],
    },
    Case {
        name: "opt_in dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: opt_in"),
        ],
        says: &[
            "minor: attributes: metric `order.retries` takes `retry.attempt` as well, `opt_in`",
        ],
    },
    Case {
        name: "dimension of a metric removed",
        edits: &[
            ("payment.method: recommended, ", ""),
        ],
        says: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` no longer takes `payment.method`: charts and alerts by it have nothing to show",
        ],
    },
    Case {
        name: "error.type of a metric removed",
        edits: &[
            (", error.type: recommended", ""),
        ],
        says: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` no longer takes `error.type`: charts and alerts by it have nothing to show",
        ],
    },
    Case {
        name: "dimension of a metric becomes required",
        edits: &[
            ("payment.method: recommended", "payment.method: required"),
        ],
        says: &[
            "major, breaks code: level: `payment.method` of metric `order.retries` is `required`, it was `recommended`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "event added",
        edits: &[
            ("  order.rejected:\n", "  order.lost: { severity: error, brief: It was lost. }\n  order.rejected:\n"),
        ],
        says: &[
            "minor: added: event `order.lost` is new",
        ],
    },
    Case {
        name: "event removed",
        edits: &[
            ("events:\n  order.rejected:\n    severity: warn\n    brief: The gateway turned the order down.\n    attributes: { order.id: required, error.type: required }\n", ""),
            ("    events: [order.rejected]\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: event `order.rejected` is removed: searches for it find nothing, and code that emits it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "severity changed",
        edits: &[
            ("severity: warn", "severity: error"),
        ],
        says: &[
            "major, breaks queries: severity: event `order.rejected` is of severity `error`, it was `warn`: searches and alerts by severity miss it or gain it",
        ],
    },
    Case {
        name: "attribute of an event added",
        edits: &[
            ("{ order.id: required, error.type: required }", "{ order.id: required, error.type: required, job.name: recommended }"),
        ],
        says: &[
            "minor: attributes: event `order.rejected` takes `job.name` as well, `recommended`",
        ],
    },
    Case {
        name: "resource requires more",
        edits: &[
            ("  service.version: recommended", "  service.version: recommended\n  deployment.environment.name: required"),
        ],
        says: &[
            "minor: added: attribute `deployment.environment.name` is new: closed, 5 values, internal",
            "major, breaks code: attributes: the resource takes `deployment.environment.name` as well, `required`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "resource requires what it recommended",
        edits: &[
            ("service.version: recommended", "service.version: required"),
        ],
        says: &[
            "major, breaks code: level: `service.version` of the resource is `required`, it was `recommended`: code that does not give it does not compile",
        ],
    },
    Case {
        name: "resource lets go",
        edits: &[
            ("  service.version: recommended\n", ""),
        ],
        says: &[
            "major, breaks queries and code: removed: attribute `service.version` is removed; it was used by the resource; it was never deprecated",
        ],
    },
    Case {
        name: "baggage loses",
        edits: &[
            ("baggage: [account.tier]\n", ""),
        ],
        says: &[
            "major, breaks code: removed: `account.tier` no longer travels with requests: services that read it there get nothing",
        ],
    },
];
