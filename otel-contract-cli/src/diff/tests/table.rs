//! Table of edits to the base contract with the expected changes.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case {
        name: "nothing",
        edits: &[
        ],
        expected: &[
        ],
    },
    Case {
        name: "the contract is renamed",
        edits: &[
            ("contract: shop", "contract: store"),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: contract: the contract is now called `store` instead of `shop`: the module and the instrumentation scope are renamed",
        ],
    },
    Case {
        name: "schema URL",
        edits: &[
            ("shop/1.2.0", "shop/1.3.0"),
        ],
        expected: &[
            "patch: schema_url: the schema URL is now `https://telemetry.acme.example/schemas/shop/1.3.0`",
        ],
    },
    Case {
        name: "brief of the contract",
        edits: &[
            ("Vocabulary of the shop.", "Whole vocabulary of the shop."),
        ],
        expected: &[
            "patch: brief: the brief of the contract changed",
        ],
    },
    Case {
        name: "owners of the contract",
        edits: &[
            ("owners: [\"@acme/shop\"]", "owners: [\"@acme/platform\"]"),
        ],
        expected: &[
            "patch: owners: the contract is now owned by `@acme/platform`",
        ],
    },
    Case {
        name: "budget raised",
        edits: &[
            ("series_per_metric: 2000", "series_per_metric: 3000"),
        ],
        expected: &[
            "minor: budget.series_per_metric: a metric may now have 3,000 series instead of 2,000",
        ],
    },
    Case {
        name: "budget lowered",
        edits: &[
            (", series: 20000", ", series: 10000"),
        ],
        expected: &[
            "patch: budget.series: all metrics together may now have 10,000 series instead of 20,000",
        ],
    },
    Case {
        name: "attribute added",
        edits: &[
            ("  unused.word:", "  new.word: { type: int, cardinality: unbounded, brief: New. }\n  unused.word:"),
        ],
        expected: &[
            "minor: added: attribute `new.word` is new: unbounded, internal",
        ],
    },
    Case {
        name: "unused attribute removed",
        edits: &[
            ("  unused.word: { type: string, cardinality: unbounded, brief: Nothing uses it. }\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: removed: attribute `unused.word` is removed; it was unused; it was never deprecated",
        ],
    },
    Case {
        name: "attribute renamed without notice",
        edits: &[
            ("  unused.word: { type: string, cardinality: unbounded,", "  spare.word: { type: string, cardinality: unbounded, instead_of: [unused.word],"),
        ],
        expected: &[
            "major, breaks queries and code: removed: attribute `unused.word` is removed and replaced by `spare.word`; it was unused; it was never deprecated",
            "minor: added: attribute `spare.word` is new: unbounded, internal",
        ],
    },
    Case {
        name: "secret attribute removed",
        edits: &[
            ("  card.cvv: { privacy: secret, brief: Card verification value. }\n", ""),
        ],
        expected: &[
            "patch: removed: secret attribute `card.cvv` is removed: it was never recorded, and no code could use it",
        ],
    },
    Case {
        name: "used attribute removed",
        edits: &[
            ("  retry.attempt: { range: [0, 5], brief: How many times it was retried. }\n", ""),
            ("      retry.attempt: recommended\n", ""),
        ],
        expected: &[
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
        expected: &[
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
        expected: &[
            "major, breaks queries and code: removed: attribute `purchase.id` is removed and replaced by `order.ref`; it was used by operation `order.create`; its removal was announced for 2.0.0",
        ],
    },
    Case {
        name: "announced attribute removed early",
        edits: &[
            ("  purchase.id:\n    type: string\n    cardinality: unbounded\n    brief: What orders were called before.\n    deprecated: { replaced_by: order.ref, since: 1.1.0, removed_in: 2.0.0, emit: both }\n", ""),
            ("      purchase.id: recommended\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: removed: attribute `purchase.id` is removed and replaced by `order.ref`; it was used by operation `order.create`; its removal was announced for 2.0.0, so it is removed too early",
        ],
    },
    Case {
        name: "brief of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Identifier of the order."),
        ],
        expected: &[
            "patch: brief: the brief of attribute `order.id` changed",
        ],
    },
    Case {
        name: "note of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    note: As support tools show it."),
        ],
        expected: &[
            "patch: note: the note of attribute `order.id` changed",
        ],
    },
    Case {
        name: "examples",
        edits: &[
            ("examples: [ord_8Zk2]", "examples: [ord_1]"),
        ],
        expected: &[
            "patch: examples: attribute `order.id` has different examples",
        ],
    },
    Case {
        name: "instead_of",
        edits: &[
            ("instead_of: [orderId]", "instead_of: [orderId, order_id]"),
        ],
        expected: &[
            "patch: instead_of: the names in `instead_of` of `order.id` changed",
        ],
    },
    Case {
        name: "owners of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    owners: [\"@acme/orders\"]"),
        ],
        expected: &[
            "patch: owners: attribute `order.id` is now owned by `@acme/orders`",
        ],
    },
    Case {
        name: "expiry of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    expires: 2030-01-31"),
        ],
        expected: &[
            "patch: expires: attribute `order.id` now expires on 2030-01-31",
        ],
    },
    Case {
        name: "allowance",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    allow: [near_duplicate]"),
        ],
        expected: &[
            "patch: allow: the allowed lints changed for attribute `order.id`",
        ],
    },
    Case {
        name: "Rust name of an attribute",
        edits: &[
            ("brief: Order identifier.", "brief: Order identifier.\n    rust_name: OrderNumber"),
        ],
        expected: &[
            "major, breaks code: rust_name: `order.id` is now `OrderNumber` in Rust instead of `OrderId`",
        ],
    },
    Case {
        name: "newtype removed",
        edits: &[
            ("    newtype: true\n", ""),
        ],
        expected: &[
            "minor: newtype: `order.id` also accepts plain strings",
        ],
    },
    Case {
        name: "newtype added",
        edits: &[
            ("brief: Account. }", "brief: Account., newtype: true }"),
        ],
        expected: &[
            "major, breaks code: newtype: `account.id` accepts only its own type: plain strings do not compile",
        ],
    },
    Case {
        name: "type changed",
        edits: &[
            ("account.id: { type: string", "account.id: { type: int"),
        ],
        expected: &[
            "major, breaks queries and code: type: `account.id` is now of type `int` instead of `string`: comparisons with stored values fail",
        ],
    },
    Case {
        name: "value added to a closed set",
        edits: &[
            ("values: [card, invoice]", "values: [card, invoice, voucher]"),
        ],
        expected: &[
            "major, breaks code: values: `payment.method` has the new value `voucher`: a `match` without `_` and enums that derive `AttributeValue` must handle it",
        ],
    },
    Case {
        name: "value added to an open set",
        edits: &[
            ("      - { value: pro, brief: Paid monthly. }", "      - { value: pro, brief: Paid monthly. }\n      - { value: team, brief: Paid yearly. }"),
        ],
        expected: &[
            "major, breaks code: values: `account.tier` has the new value `team`, previously recorded as `_OTHER`: a `match` without `_` and enums that derive `AttributeValue` must handle it",
        ],
    },
    Case {
        name: "value removed",
        edits: &[
            ("values: [card, invoice]", "values: [card]"),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: values: `payment.method` no longer has the value `invoice`: searches for it find nothing, and code that uses it does not compile",
        ],
    },
    Case {
        name: "value reworded",
        edits: &[
            ("Paid monthly.", "Paid every month."),
        ],
        expected: &[
            "patch: values: the brief of value `pro` of `account.tier` changed",
        ],
    },
    Case {
        name: "value deprecated",
        edits: &[
            ("{ value: pro, brief: Paid monthly. }", "{ value: pro, brief: Paid monthly., deprecated: { note: Say team. } }"),
        ],
        expected: &[
            "minor: values: value `pro` of `account.tier` is deprecated: code that uses it gets a warning",
        ],
    },
    Case {
        name: "value renamed in Rust",
        edits: &[
            ("{ value: pro, brief: Paid monthly. }", "{ value: pro, brief: Paid monthly., rust_name: Paid }"),
        ],
        expected: &[
            "major, breaks code: values: value `pro` of `account.tier` is now `Paid` in Rust instead of `Pro`",
        ],
    },
    Case {
        name: "integers in another order",
        edits: &[
            ("values: [200, 404]", "values: [404, 200]"),
        ],
        expected: &[
            "major, breaks code: values: the order of the values of `http.status` changed, so the order of its Rust enum changed too",
        ],
    },
    Case {
        name: "values of an open set in another order",
        edits: &[
            ("      - { value: free, brief: No contract. }\n", ""),
            ("      - { value: pro, brief: Paid monthly. }\n", "      - { value: pro, brief: Paid monthly. }\n      - { value: free, brief: No contract. }\n"),
        ],
        expected: &[
            "major, breaks code: values: the order of the values of `account.tier` changed, so the order of its Rust enum changed too",
        ],
    },
    Case {
        name: "values in another order around a new one",
        edits: &[
            ("values: [card, invoice]", "values: [invoice, cash, card]"),
        ],
        expected: &[
            "major, breaks code: values: `payment.method` has the new value `cash`: a `match` without `_` and enums that derive `AttributeValue` must handle it",
            "major, breaks code: values: the order of the values of `payment.method` changed, so the order of its Rust enum changed too",
        ],
    },
    Case {
        name: "values in another order",
        edits: &[
            ("values: [card, invoice]", "values: [invoice, card]"),
        ],
        expected: &[
            "major, breaks code: values: the order of the values of `payment.method` changed, so the order of its Rust enum changed too",
        ],
    },
    Case {
        name: "`other` added",
        edits: &[
            ("values: [card, invoice]", "other: true, values: [card, invoice]"),
        ],
        expected: &[
            "major, breaks code: other: `payment.method` now accepts other values as `_OTHER`: a `match` without `_` must handle `Other`",
        ],
    },
    Case {
        name: "`other` removed",
        edits: &[
            ("    other: true\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: other: `account.tier` no longer accepts other values: `_OTHER` is not recorded, and code that sets other values does not compile",
        ],
    },
    Case {
        name: "integer added to a set",
        edits: &[
            ("values: [200, 404]", "values: [200, 404, 500]"),
        ],
        expected: &[
            "major, breaks code: values: `http.status` has the new value `500`: a `match` without `_` and enums that derive `AttributeValue` must handle it",
        ],
    },
    Case {
        name: "set becomes a range",
        edits: &[
            ("values: [200, 404]", "range: [200, 404]"),
        ],
        expected: &[
            "major, breaks code: cardinality: `http.status` is now `closed, 205 values` instead of `closed, 2 values`: its Rust type changes",
        ],
    },
    Case {
        name: "open text becomes a set",
        edits: &[
            ("unused.word: { type: string, cardinality: unbounded", "unused.word: { values: [a, b]"),
        ],
        expected: &[
            "major, breaks queries and code: cardinality: `unused.word` is now `closed, 2 values` instead of `unbounded`: its Rust type changes",
        ],
    },
    Case {
        name: "set becomes open text",
        edits: &[
            ("values: [small, large]", "type: string, cardinality: unbounded"),
        ],
        expected: &[
            "major, breaks code: cardinality: `parcel.size` is now `unbounded` instead of `closed, 2 values`: its Rust type changes",
        ],
    },
    Case {
        name: "set becomes bounded text",
        edits: &[
            ("values: [small, large]", "type: string, cardinality: bounded, limit: 5"),
        ],
        expected: &[
            "major, breaks code: cardinality: `parcel.size` is now `bounded, at most 5 values` instead of `closed, 2 values`: its Rust type changes",
        ],
    },
    Case {
        name: "range widened",
        edits: &[
            ("range: [0, 5]", "range: [0, 9]"),
        ],
        expected: &[
            "minor: range: `retry.attempt` now ranges from 0 to 9 instead of 0 to 5: all previous values are still accepted",
        ],
    },
    Case {
        name: "range narrowed",
        edits: &[
            ("range: [0, 5]", "range: [0, 3]"),
        ],
        expected: &[
            "major, breaks code: range: `retry.attempt` now ranges from 0 to 3 instead of 0 to 5: some previous values are rejected",
        ],
    },
    Case {
        name: "limit raised",
        edits: &[
            ("limit: 50", "limit: 100"),
        ],
        expected: &[
            "minor: limit: the limit of `queue.name` is now 100 instead of 50: more series, fewer values recorded as `_OTHER`",
        ],
    },
    Case {
        name: "limit lowered",
        edits: &[
            ("limit: 50", "limit: 10"),
        ],
        expected: &[
            "major, breaks queries: limit: the limit of `queue.name` is now 10 instead of 50: more values are recorded as `_OTHER`",
        ],
    },
    Case {
        name: "bounded becomes unbounded",
        edits: &[
            ("cardinality: bounded, limit: 50", "cardinality: unbounded"),
        ],
        expected: &[
            "major, breaks code: cardinality: `queue.name` is now unbounded instead of bounded: values are no longer recorded as `_OTHER`, and `QueueName::capped` is removed",
        ],
    },
    Case {
        name: "unbounded becomes bounded",
        edits: &[
            ("job.name: { type: string, cardinality: unbounded", "job.name: { type: string, cardinality: bounded, limit: 20"),
        ],
        expected: &[
            "major, breaks queries and code: cardinality: `job.name` is now bounded instead of unbounded: new values beyond 20 are recorded as `_OTHER`, and code must call `JobName::capped`",
        ],
    },
    Case {
        name: "a bounded attribute of the resource is used elsewhere",
        edits: &[
            ("      queue.name: opt_in\n", "      queue.name: opt_in\n      zone.name: opt_in\n"),
        ],
        expected: &[
            "major, breaks code: uses: `zone.name` is no longer used only by the resource: code must call `ZoneName::capped`",
            "minor: attributes: operation `order.create` now records `zone.name` (`opt_in`)",
        ],
    },
    Case {
        name: "internal becomes public",
        edits: &[
            ("account.id: { type", "account.id: { privacy: public, type"),
        ],
        expected: &[
            "minor: privacy: `account.id` is now public instead of internal: it may leave the company; get approval for this privacy change",
        ],
    },
    Case {
        name: "public becomes internal",
        edits: &[
            ("    privacy: public\n", ""),
            ("baggage: [account.tier]\n", ""),
        ],
        expected: &[
            "major, breaks queries: privacy: `account.tier` is now internal instead of public: back ends outside the company no longer receive it",
            "major, breaks code: removed: `account.tier` is no longer sent with requests: services that read it receive nothing",
        ],
    },
    Case {
        name: "internal becomes personal",
        edits: &[
            ("account.id: { type", "account.id: { privacy: personal, protect: hash, type"),
        ],
        expected: &[
            "major, breaks queries and code: privacy: `account.id` is now personal, protected by `hash`: searches for unprotected values find nothing, and its Rust type changes",
        ],
    },
    Case {
        name: "personal becomes internal",
        edits: &[
            ("privacy: personal, protect: hash, ", ""),
        ],
        expected: &[
            "major, breaks queries and code: privacy: `user.email` is now internal instead of personal: values are recorded unprotected, and its Rust type changes; get approval for this privacy change",
        ],
    },
    Case {
        name: "hash becomes mask",
        edits: &[
            ("protect: hash", "protect: mask"),
        ],
        expected: &[
            "major, breaks queries: protect: `user.email` is now protected by `mask` instead of `hash`: the recorded value of each person changes",
        ],
    },
    Case {
        name: "mask becomes keep_last",
        edits: &[
            ("protect: mask", "protect: { keep_last: 4 }"),
        ],
        expected: &[
            "minor: protect: `user.phone` is now protected by `keep_last: 4` instead of `mask`: more of the value is recorded; get approval for this privacy change",
        ],
    },
    Case {
        name: "becomes secret",
        edits: &[
            ("unused.word: { type: string, cardinality: unbounded,", "unused.word: { privacy: secret,"),
        ],
        expected: &[
            "major, breaks queries and code: privacy: `unused.word` is now secret: it is no longer recorded",
        ],
    },
    Case {
        name: "no longer secret",
        edits: &[
            ("card.cvv: { privacy: secret,", "card.cvv: { type: string, cardinality: unbounded,"),
        ],
        expected: &[
            "minor: privacy: `card.cvv` is no longer secret but internal: get approval for this privacy change",
        ],
    },
    Case {
        name: "attribute deprecated",
        edits: &[
            ("brief: Nothing uses it. }", "brief: Nothing uses it., deprecated: { replaced_by: job.name } }"),
        ],
        expected: &[
            "minor: deprecated: attribute `unused.word` is deprecated in favor of `job.name`: code that uses it gets a warning",
        ],
    },
    Case {
        name: "deprecation withdrawn",
        edits: &[
            ("    deprecated: { replaced_by: order.ref, since: 1.1.0, removed_in: 2.0.0, emit: both }\n", ""),
        ],
        expected: &[
            "minor: deprecated: attribute `purchase.id` is no longer deprecated",
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded in addition to its replacement: searches for it find nothing",
        ],
    },
    Case {
        name: "removal sooner",
        edits: &[
            ("removed_in: 2.0.0", "removed_in: 1.9.0"),
        ],
        expected: &[
            "minor: deprecated.removed_in: attribute `purchase.id` will be removed in 1.9.0 instead of 2.0.0",
        ],
    },
    Case {
        name: "removal later",
        edits: &[
            ("removed_in: 2.0.0", "removed_in: 3.0.0"),
        ],
        expected: &[
            "patch: deprecated.removed_in: attribute `purchase.id` will be removed in 3.0.0 instead of 2.0.0",
        ],
    },
    Case {
        name: "another replacement",
        edits: &[
            ("replaced_by: order.ref", "replaced_by: unused.word"),
        ],
        expected: &[
            "minor: deprecated.replaced_by: attribute `purchase.id` is now replaced by `unused.word`",
        ],
    },
    Case {
        name: "no longer both keys",
        edits: &[
            (", emit: both", ""),
        ],
        expected: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded in addition to its replacement: searches for it find nothing",
        ],
    },
    Case {
        name: "declared rename",
        edits: &[
            ("      purchase.id: recommended", "      order.ref: recommended"),
        ],
        expected: &[
            "minor: attributes: operation `order.create` now uses `order.ref` instead of `purchase.id`: both keys are recorded, and the macros accept both names",
        ],
    },
    Case {
        name: "declared rename without emit: both",
        edits: &[
            ("      purchase.id: recommended", "      order.ref: recommended"),
            (", emit: both", ""),
        ],
        expected: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded in addition to its replacement: searches for it find nothing",
            "major, breaks queries: attributes: operation `order.create` now uses `order.ref` instead of `purchase.id`: only the key set by the code is recorded, and the macros accept both names",
        ],
    },
    Case {
        name: "declared rename of a required attribute",
        edits: &[
            ("order.ref: { type: string, cardinality: unbounded, brief: Reference of the order. }", "order.ref: { type: string, cardinality: unbounded, brief: Reference of the order. }\n  order.key: { type: string, cardinality: unbounded, brief: Key of the order., newtype: true }"),
            ("    newtype: true\n", "    newtype: true\n    deprecated: { replaced_by: order.key, removed_in: 2.0.0, emit: both }\n"),
            ("      order.id: { level: required, sampling_relevant: true }", "      order.key: { level: required, sampling_relevant: true }"),
        ],
        expected: &[
            "minor: deprecated: attribute `order.id` is deprecated in favor of `order.key`: code that uses it gets a warning",
            "minor: deprecated.emit: `order.id` is now recorded in addition to its replacement",
            "minor: added: attribute `order.key` is new: unbounded, internal",
            "major, breaks code: attributes: operation `order.create` now uses `order.key` instead of `order.id`: both keys are recorded, and the macros accept both names, but the field of the struct is renamed",
        ],
    },
    Case {
        name: "declared rename of a dimension",
        edits: &[
            ("  order.ref: { type: string, cardinality: unbounded,", "  pay.method: { values: [card, invoice], brief: How it is paid. }\n  order.ref: { type: string, cardinality: unbounded,"),
            ("{ values: [card, invoice], brief: How it is paid. }\n  http.status", "{ values: [card, invoice], brief: How it is paid., deprecated: { replaced_by: pay.method, removed_in: 2.0.0, emit: both } }\n  http.status"),
            ("account.tier: required, payment.method: recommended", "account.tier: required, pay.method: recommended"),
        ],
        expected: &[
            "minor: deprecated: attribute `payment.method` is deprecated in favor of `pay.method`: code that uses it gets a warning",
            "minor: deprecated.emit: `payment.method` is now recorded in addition to its replacement",
            "minor: added: attribute `pay.method` is new: closed, 2 values, internal",
            "major, breaks code: attributes: metric `order.retries` now uses `pay.method` instead of `payment.method`: both keys are recorded, and its fields and setters are renamed",
        ],
    },
    Case {
        name: "group added",
        edits: &[
            ("  job: { brief", "  other: { order.ref: required }\n  job: { brief"),
        ],
        expected: &[
            "minor: added: group `other` is new",
        ],
    },
    Case {
        name: "group removed",
        edits: &[
            ("  job: { brief: Every job., attributes: { job.name: recommended } }\n", ""),
            (", groups: [job]", ""),
        ],
        expected: &[
            "major, breaks code: removed: group `job` is removed: code that uses it does not compile",
            "major, breaks code: groups: operation `order.close` no longer includes group `job`: code that sets it does not compile",
            "major, breaks queries and code: attributes: operation `order.close` no longer records `job.name`: searches for it find nothing, and code that sets it does not compile",
        ],
    },
    Case {
        name: "brief of a group",
        edits: &[
            ("brief: Every job.", "brief: All jobs."),
        ],
        expected: &[
            "patch: brief: the brief of group `job` changed",
        ],
    },
    Case {
        name: "group requires more",
        edits: &[
            ("{ job.name: recommended }", "{ job.name: recommended, order.ref: required }"),
        ],
        expected: &[
            "major, breaks code: attributes: group `job` now records `order.ref` (`required`): code that does not set it does not compile",
        ],
    },
    Case {
        name: "group recommends more",
        edits: &[
            ("{ job.name: recommended }", "{ job.name: recommended, order.ref: recommended }"),
        ],
        expected: &[
            "minor: attributes: group `job` now records `order.ref` (`recommended`)",
        ],
    },
    Case {
        name: "attribute removed from a group",
        edits: &[
            ("{ job.name: recommended }", "{ order.ref: recommended }"),
        ],
        expected: &[
            "minor: attributes: group `job` now records `order.ref` (`recommended`)",
            "major, breaks queries and code: attributes: group `job` no longer records `job.name`: searches for it find nothing, and code that sets it does not compile",
        ],
    },
    Case {
        name: "error classes reordered",
        edits: &[
            ("  not_found: No order has that identifier.\n", ""),
            ("  declined: The card was declined.\n", "  declined: The card was declined.\n  not_found: No order has that identifier.\n"),
        ],
        expected: &[
            "major, breaks code: order: the order of the error classes changed, starting at `timeout`, so the order of `ErrorType` changed too",
        ],
    },
    Case {
        name: "error classes reordered around an added and a removed class",
        edits: &[
            ("  not_found: No order has that identifier.\n", "  declined: The card was declined.\n"),
            ("  timeout: { brief: The gateway did not answer. }\n  declined: The card was declined.\n", "  late: It was late.\n  not_found: No order has that identifier.\n"),
            ("errors: [not_found, timeout]", "errors: [not_found]"),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: removed: error class `timeout` is removed: searches, charts and alerts for it find nothing, and code that uses it does not compile; it was never deprecated",
            "major, breaks code: added: error class `late` is new: a `match` over `ErrorType` must handle it",
            "major, breaks code: order: the order of the error classes changed, starting at `declined`, so the order of `ErrorType` changed too",
        ],
    },
    Case {
        name: "error class added",
        edits: &[
            ("  declined:", "  too_late: It was too late.\n  declined:"),
        ],
        expected: &[
            "major, breaks code: added: error class `too_late` is new: a `match` over `ErrorType` must handle it",
        ],
    },
    Case {
        name: "error class removed",
        edits: &[
            ("  declined: The card was declined.\n", ""),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: removed: error class `declined` is removed: searches, charts and alerts for it find nothing, and code that uses it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "error class reworded",
        edits: &[
            ("The card was declined.", "The bank declined the card."),
        ],
        expected: &[
            "patch: brief: the brief of error class `declined` changed",
        ],
    },
    Case {
        name: "error class deprecated",
        edits: &[
            ("{ brief: The gateway did not answer. }", "{ brief: The gateway did not answer., deprecated: { note: Say declined. } }"),
        ],
        expected: &[
            "minor: deprecated: error class `timeout` is deprecated: code that uses it gets a warning",
        ],
    },
    Case {
        name: "operation added",
        edits: &[
            ("  order.close:", "  order.ship: { brief: Ship an order. }\n  order.close:"),
        ],
        expected: &[
            "minor: added: operation `order.ship` is new",
        ],
    },
    Case {
        name: "operation removed",
        edits: &[
            ("  order.close: { brief: Close an order., groups: [job] }\n", ""),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: removed: operation `order.close` is removed: its spans and metrics are no longer recorded, and code that uses it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "operation reworded",
        edits: &[
            ("Create an order.", "Create one order."),
        ],
        expected: &[
            "patch: brief: the brief of operation `order.create` changed",
        ],
    },
    Case {
        name: "kind changed",
        edits: &[
            ("kind: internal", "kind: server"),
        ],
        expected: &[
            "major, breaks queries: kind: operation `order.create` now has kind `server` instead of `internal`: searches and service maps by kind no longer find it",
        ],
    },
    Case {
        name: "route added",
        edits: &[
            ("HEAD /pages]", "HEAD /pages, GET /pages]"),
        ],
        expected: &[
            "minor: route: requests of `GET /pages` are now operation `page.show`",
        ],
    },
    Case {
        name: "route for other requests added",
        edits: &[
            ("HEAD /pages]", "HEAD /pages, _OTHER]"),
        ],
        expected: &[
            "minor: route: requests that match no other route are now operation `page.show`",
        ],
    },
    Case {
        name: "routes in another order",
        edits: &[
            ("[\"GET /pages/{name}\", HEAD /pages]", "[HEAD /pages, \"GET /pages/{name}\"]"),
        ],
        expected: &[],
    },
    Case {
        name: "route removed",
        edits: &[
            (", HEAD /pages]", "]"),
        ],
        expected: &[
            "major, breaks queries: route: requests of `HEAD /pages` are no longer operation `page.show`: they are not recorded, unless another route matches them",
        ],
    },
    Case {
        name: "route replaced by the other requests",
        edits: &[
            ("HEAD /pages]", "_OTHER]"),
        ],
        expected: &[
            "major, breaks queries: route: requests of `HEAD /pages` are still operation `page.show`, but their `http.route` is now `_OTHER`",
            "minor: route: requests that match no other route are now operation `page.show`",
        ],
    },
    Case {
        name: "parameter of a route renamed",
        edits: &[
            ("/pages/{name}", "/pages/{page}"),
        ],
        expected: &[
            "major, breaks queries: route: operation `page.show` now has the route `GET /pages/{page}` instead of `GET /pages/{name}`: searches and charts by `http.route` no longer find its requests",
        ],
    },
    Case {
        name: "method of a route changed",
        edits: &[
            ("GET /files/{*path}", "POST /files/{*path}"),
        ],
        expected: &[
            "major, breaks queries and dashboards: route: requests of `GET /files/{*path}` are no longer operation `file.show`: they are not recorded, unless another route matches them",
            "minor: route: requests of `POST /files/{*path}` are now operation `file.show`",
        ],
    },
    Case {
        name: "route moved to another operation",
        edits: &[
            ("GET /files/{*path}", "PUT /pages"),
            ("HEAD /pages]", "\"GET /files/{*file}\", HEAD /pages]"),
        ],
        expected: &[
            "major, breaks queries and dashboards: route: requests of `GET /files/{*path}` are no longer operation `file.show`, but operation `page.show`",
            "minor: route: requests of `PUT /pages` are now operation `file.show`",
        ],
    },
    Case {
        name: "route of a removed operation",
        edits: &[
            ("  file.show:\n    brief: Show a file.\n    kind: server\n    route: GET /files/{*path}\n", ""),
            ("HEAD /pages]", "\"GET /files/{*path}\", HEAD /pages]"),
        ],
        expected: &[
            "major, breaks queries and dashboards and code: removed: operation `file.show` is removed: its spans and metrics are no longer recorded, and code that uses it does not compile; it was never deprecated",
            "minor: route: requests of `GET /files/{*path}` are now operation `page.show`",
        ],
    },
    Case {
        name: "operation's Rust name",
        edits: &[
            ("kind: internal", "kind: internal\n    rust_name: MakeOrder"),
        ],
        expected: &[
            "major, breaks code: rust_name: operation `order.create` is now `MakeOrder` in Rust instead of `OrderCreate`",
        ],
    },
    Case {
        name: "required attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      order.ref: required"),
            (", emit: both", ""),
        ],
        expected: &[
            "major, breaks queries: deprecated.emit: `purchase.id` is no longer recorded in addition to its replacement: searches for it find nothing",
            "major, breaks code: attributes: operation `order.create` now records `order.ref` (`required`): code that does not set it does not compile",
        ],
    },
    Case {
        name: "optional attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      job.name: recommended"),
        ],
        expected: &[
            "minor: attributes: operation `order.create` now records `job.name` (`recommended`)",
        ],
    },
    Case {
        name: "on_success attribute added",
        edits: &[
            ("      retry.attempt: recommended", "      retry.attempt: recommended\n      job.name: on_success"),
        ],
        expected: &[
            "major, breaks code: attributes: operation `order.create` now records `job.name` (`on_success`): code that does not set it does not compile",
        ],
    },
    Case {
        name: "attribute of an operation removed",
        edits: &[
            ("      retry.attempt: recommended\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: attributes: operation `order.create` no longer records `retry.attempt`: searches for it find nothing, and code that sets it does not compile",
        ],
    },
    Case {
        name: "recommended becomes required",
        edits: &[
            ("retry.attempt: recommended", "retry.attempt: required"),
        ],
        expected: &[
            "major, breaks code: level: `retry.attempt` of operation `order.create` is now `required` instead of `recommended`: code that does not set it does not compile",
        ],
    },
    Case {
        name: "required becomes recommended",
        edits: &[
            ("{ level: required, sampling_relevant: true }", "{ level: recommended, sampling_relevant: true }"),
        ],
        expected: &[
            "major, breaks queries and code: level: `order.id` of operation `order.create` is now `recommended` instead of `required`: it may be missing, and the struct no longer has a field for it",
        ],
    },
    Case {
        name: "opt_in becomes recommended",
        edits: &[
            ("queue.name: opt_in", "queue.name: recommended"),
        ],
        expected: &[
            "minor: level: `queue.name` of operation `order.create` is now `recommended` instead of `opt_in`",
        ],
    },
    Case {
        name: "on_success becomes recommended",
        edits: &[
            ("payment.method: on_success", "payment.method: recommended"),
        ],
        expected: &[
            "major, breaks queries: level: `payment.method` of operation `order.create` is now `recommended` instead of `on_success`: it may be missing",
        ],
    },
    Case {
        name: "on_success becomes required",
        edits: &[
            ("payment.method: on_success", "payment.method: required"),
        ],
        expected: &[
            "major, breaks code: level: `payment.method` of operation `order.create` is now `required` instead of `on_success`: code that does not set it does not compile",
        ],
    },
    Case {
        name: "condition reworded",
        edits: &[
            ("If it was asked.", "If somebody asked."),
        ],
        expected: &[
            "patch: level: the condition of `http.status` of operation `order.create` changed",
        ],
    },
    Case {
        name: "no longer sampling_relevant",
        edits: &[
            ("{ level: required, sampling_relevant: true }", "required"),
        ],
        expected: &[
            "minor: sampling_relevant: the sampler no longer sees `order.id` of operation `order.create`",
        ],
    },
    Case {
        name: "sampling_relevant",
        edits: &[
            ("retry.attempt: recommended", "retry.attempt: { level: recommended, sampling_relevant: true }"),
        ],
        expected: &[
            "major, breaks code: sampling_relevant: `retry.attempt` of operation `order.create` is now `sampling_relevant`: it must be set at the start, and operation handles no longer have a setter for it",
        ],
    },
    Case {
        name: "group without required attributes included",
        edits: &[
            ("    groups: [account]", "    groups: [account, job]"),
        ],
        expected: &[
            "minor: groups: operation `order.create` now includes group `job`",
            "minor: attributes: operation `order.create` now records `job.name` (`recommended`)",
        ],
    },
    Case {
        name: "group with required attributes included",
        edits: &[
            ("groups: [job]", "groups: [job, account]"),
        ],
        expected: &[
            "major, breaks code: groups: operation `order.close` now includes group `account`: its struct has a new field, and the required attributes of the group must be set",
            "major, breaks code: attributes: operation `order.close` now records `account.id` (`required`): code that does not set it does not compile",
            "minor: attributes: operation `order.close` now records `account.tier` (`recommended`)",
        ],
    },
    Case {
        name: "group no longer included",
        edits: &[
            (", groups: [job]", ""),
        ],
        expected: &[
            "major, breaks code: groups: operation `order.close` no longer includes group `job`: code that sets it does not compile",
            "major, breaks queries and code: attributes: operation `order.close` no longer records `job.name`: searches for it find nothing, and code that sets it does not compile",
        ],
    },
    Case {
        name: "severity of an error class",
        edits: &[(
            "timeout: { brief: The gateway did not answer. }",
            "timeout: { brief: The gateway did not answer., severity: warn }",
        )],
        expected: &[
            "major, breaks queries: severity: error class `timeout` now has severity `warn` instead of `error`: searches and alerts by severity change",
        ],
    },
    Case {
        name: "error class becomes expected",
        edits: &[(
            "timeout: { brief: The gateway did not answer. }",
            "timeout: { brief: The gateway did not answer., expected: true }",
        )],
        expected: &[
            "major, breaks queries: expected: error class `timeout` is now expected: its spans keep the status `Unset` and it is not logged, so searches and alerts for failures do not find it",
        ],
    },
    Case {
        name: "error added to an operation",
        edits: &[
            ("errors: [not_found, timeout]", "errors: [not_found, timeout, declined]"),
        ],
        expected: &[
            "minor: errors: operation `order.create` may now also fail with `declined`",
        ],
    },
    Case {
        name: "error removed from an operation",
        edits: &[
            ("errors: [not_found, timeout]", "errors: [not_found]"),
        ],
        expected: &[
            "major, breaks code: errors: operation `order.create` may no longer fail with `timeout`: error types with this class do not compile",
        ],
    },
    Case {
        name: "errors of an operation no longer listed",
        edits: &[
            ("    errors: [not_found, timeout]\n", ""),
        ],
        expected: &[
            "minor: errors: operation `order.create` may now fail with any error class of the contract",
        ],
    },
    Case {
        name: "operation lists its errors",
        edits: &[
            ("groups: [job]", "groups: [job], errors: [timeout]"),
        ],
        expected: &[
            "major, breaks code: errors: operation `order.close` now lists its error classes: error types with other classes do not compile",
        ],
    },
    Case {
        name: "event removed from an operation",
        edits: &[
            ("    events: [order.rejected]\n", ""),
        ],
        expected: &[
            "major, breaks queries: events: operation `order.create` no longer emits event `order.rejected`: searches for it find nothing",
        ],
    },
    Case {
        name: "event added to an operation",
        edits: &[
            ("groups: [job]", "groups: [job], events: [order.rejected]"),
        ],
        expected: &[
            "minor: events: operation `order.close` now emits event `order.rejected`",
        ],
    },
    Case {
        name: "metrics switched off",
        edits: &[
            ("groups: [job]", "groups: [job], metrics: false"),
        ],
        expected: &[
            "major, breaks dashboards: metrics: operation `order.close` no longer records metrics: `order.close.duration` is removed",
        ],
    },
    Case {
        name: "dimension added",
        edits: &[
            ("dimensions: [account.tier]", "dimensions: [account.tier, payment.method]"),
        ],
        expected: &[
            "major, breaks dashboards: metrics.dimensions: `order.create.duration` has the new dimension `payment.method`: every series is split by this dimension, and alerts that do not sum over the dimension see partial values",
        ],
    },
    Case {
        name: "dimension removed",
        edits: &[
            ("dimensions: [account.tier]", "dimensions: []"),
        ],
        expected: &[
            "major, breaks dashboards: metrics.dimensions: `order.create.duration` no longer has the dimension `account.tier`: charts and alerts that use it receive no data",
        ],
    },
    Case {
        name: "active switched off",
        edits: &[
            ("active: true", "active: false"),
        ],
        expected: &[
            "major, breaks dashboards: metrics.active: `order.create.active` is removed: charts and alerts that use it receive no data",
        ],
    },
    Case {
        name: "active switched on",
        edits: &[
            ("groups: [job]", "groups: [job], metrics: { active: true }"),
        ],
        expected: &[
            "minor: metrics.active: `order.close.active` is new",
        ],
    },
    Case {
        name: "buckets refined",
        edits: &[
            ("buckets: [0.1, 1, 10]", "buckets: [0.1, 0.5, 1, 10]"),
        ],
        expected: &[
            "minor: metrics.buckets: `order.create.duration` has additional buckets: all previous boundaries are kept",
        ],
    },
    Case {
        name: "bucket removed",
        edits: &[
            ("buckets: [0.1, 1, 10]", "buckets: [0.1, 10]"),
        ],
        expected: &[
            "major, breaks dashboards: metrics.buckets: `order.create.duration` has different buckets: service-level objectives that use a removed boundary stop working, and quantiles mix old and new buckets",
        ],
    },
    Case {
        name: "ratio lowered",
        edits: &[
            ("ratio: 0.5", "ratio: 0.1"),
        ],
        expected: &[
            "minor: sampling.ratio: 10 % of the traces of operation `order.create` are now kept instead of 50 %: counts of spans change, metrics do not",
        ],
    },
    Case {
        name: "sampling begins",
        edits: &[
            ("groups: [job]", "groups: [job], sampling: { ratio: 0.1, keep: [errors] }"),
        ],
        expected: &[
            "major, breaks queries: sampling.ratio: 10 % of the traces of operation `order.close` are now kept instead of 100 %: traces may be missing, and counts of spans decrease",
        ],
    },
    Case {
        name: "everything is kept",
        edits: &[
            ("    sampling: { ratio: 0.5, keep: [errors, { slower_than: 2s }] }\n", ""),
        ],
        expected: &[
            "minor: sampling.ratio: 100 % of the traces of operation `order.create` are now kept instead of 50 %: counts of spans change, metrics do not",
        ],
    },
    Case {
        name: "errors no longer kept",
        edits: &[
            ("keep: [errors, { slower_than: 2s }]", "keep: [{ slower_than: 2s }]"),
        ],
        expected: &[
            "major, breaks queries: sampling.keep: some failed traces of operation `order.create` are no longer kept",
        ],
    },
    Case {
        name: "fewer slow traces kept",
        edits: &[
            ("slower_than: 2s", "slower_than: 5s"),
        ],
        expected: &[
            "major, breaks queries: sampling.keep: some slow traces of operation `order.create` are no longer kept",
        ],
    },
    Case {
        name: "more slow traces kept",
        edits: &[
            ("slower_than: 2s", "slower_than: 500ms"),
        ],
        expected: &[
            "minor: sampling.keep: every trace of operation `order.create` slower than 0.5 s is now kept",
        ],
    },
    Case {
        name: "stability lowered",
        edits: &[
            ("stability: stable", "stability: development"),
        ],
        expected: &[
            "major, breaks queries and dashboards: stability: operation `order.create` is now `development` instead of `stable`: it may change again",
        ],
    },
    Case {
        name: "stability raised",
        edits: &[
            ("groups: [job]", "groups: [job], stability: stable"),
        ],
        expected: &[
            "minor: stability: operation `order.close` is now `stable` instead of `development`",
        ],
    },
    Case {
        name: "metric added",
        edits: &[
            ("  order.size:", "  order.count: { instrument: counter, unit: \"{order}\", brief: Orders. }\n  order.size:"),
        ],
        expected: &[
            "minor: added: metric `order.count` is new",
        ],
    },
    Case {
        name: "metric removed",
        edits: &[
            ("  order.size: { instrument: histogram, unit: By, brief: Size., buckets: [1000, 2000] }\n", ""),
        ],
        expected: &[
            "major, breaks dashboards and code: removed: metric `order.size` is removed: charts and alerts that use it receive no data; it was never deprecated",
        ],
    },
    Case {
        name: "instrument changed",
        edits: &[
            ("instrument: counter", "instrument: updowncounter"),
        ],
        expected: &[
            "major, breaks dashboards and code: instrument: metric `order.retries` now has instrument `updowncounter` instead of `counter`: charts and the methods that record it change",
        ],
    },
    Case {
        name: "unit changed",
        edits: &[
            ("unit: \"{retry}\"", "unit: \"{call}\""),
        ],
        expected: &[
            "major, breaks dashboards: unit: metric `order.retries` now uses the unit `{call}` instead of `{retry}`: thresholds must be converted",
        ],
    },
    Case {
        name: "value type changed",
        edits: &[
            ("unit: \"{retry}\"", "value_type: double\n    unit: \"{retry}\""),
        ],
        expected: &[
            "major, breaks code: value_type: values of metric `order.retries` are now `double` instead of `int`",
        ],
    },
    Case {
        name: "observable",
        edits: &[
            ("unit: \"{retry}\"", "observable: true\n    unit: \"{retry}\""),
        ],
        expected: &[
            "major, breaks code: observable: metric `order.retries` is now observed by a callback: code that records it does not compile",
        ],
    },
    Case {
        name: "metric's buckets",
        edits: &[
            ("buckets: [1000, 2000]", "buckets: [1000, 3000]"),
        ],
        expected: &[
            "major, breaks dashboards: buckets: `order.size` has different buckets: service-level objectives that use a removed boundary stop working, and quantiles mix old and new buckets",
        ],
    },
    Case {
        name: "required dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: required"),
        ],
        expected: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` now records `retry.attempt` (`required`): every series is split by it, and code that does not set it does not compile",
        ],
    },
    Case {
        name: "optional dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: recommended"),
        ],
        expected: &[
            "major, breaks dashboards: attributes: metric `order.retries` now records `retry.attempt` (`recommended`): every series is split by it",
        ],
    },
    Case {
        name: "opt_in dimension of a metric",
        edits: &[
            ("payment.method: recommended", "payment.method: recommended, retry.attempt: opt_in"),
        ],
        expected: &[
            "minor: attributes: metric `order.retries` now records `retry.attempt` (`opt_in`)",
        ],
    },
    Case {
        name: "dimension of a metric removed",
        edits: &[
            ("payment.method: recommended, ", ""),
        ],
        expected: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` no longer records `payment.method`: charts and alerts that use it receive no data",
        ],
    },
    Case {
        name: "error.type of a metric removed",
        edits: &[
            (", error.type: recommended", ""),
        ],
        expected: &[
            "major, breaks dashboards and code: attributes: metric `order.retries` no longer records `error.type`: charts and alerts that use it receive no data",
        ],
    },
    Case {
        name: "dimension of a metric becomes required",
        edits: &[
            ("payment.method: recommended", "payment.method: required"),
        ],
        expected: &[
            "major, breaks code: level: `payment.method` of metric `order.retries` is now `required` instead of `recommended`: code that does not set it does not compile",
        ],
    },
    Case {
        name: "event added",
        edits: &[
            ("  order.rejected:\n", "  order.lost: { severity: error, brief: It was lost. }\n  order.rejected:\n"),
        ],
        expected: &[
            "minor: added: event `order.lost` is new",
        ],
    },
    Case {
        name: "event removed",
        edits: &[
            ("events:\n  order.rejected:\n    severity: warn\n    brief: The gateway turned the order down.\n    attributes: { order.id: required, error.type: required }\n", ""),
            ("    events: [order.rejected]\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: removed: event `order.rejected` is removed: searches for it find nothing, and code that emits it does not compile; it was never deprecated",
        ],
    },
    Case {
        name: "severity changed",
        edits: &[
            ("severity: warn", "severity: error"),
        ],
        expected: &[
            "major, breaks queries: severity: event `order.rejected` now has severity `error` instead of `warn`: searches and alerts by severity change",
        ],
    },
    Case {
        name: "attribute of an event added",
        edits: &[
            ("{ order.id: required, error.type: required }", "{ order.id: required, error.type: required, job.name: recommended }"),
        ],
        expected: &[
            "minor: attributes: event `order.rejected` now records `job.name` (`recommended`)",
        ],
    },
    Case {
        name: "resource requires more",
        edits: &[
            ("  service.version: recommended", "  service.version: recommended\n  deployment.environment.name: required"),
        ],
        expected: &[
            "minor: added: attribute `deployment.environment.name` is new: closed, 5 values, internal",
            "major, breaks code: attributes: the resource now records `deployment.environment.name` (`required`): code that does not set it does not compile",
        ],
    },
    Case {
        name: "resource requires what it recommended",
        edits: &[
            ("service.version: recommended", "service.version: required"),
        ],
        expected: &[
            "major, breaks code: level: `service.version` of the resource is now `required` instead of `recommended`: code that does not set it does not compile",
        ],
    },
    Case {
        name: "attribute removed from the resource",
        edits: &[
            ("  service.version: recommended\n", ""),
        ],
        expected: &[
            "major, breaks queries and code: removed: attribute `service.version` is removed; it was used by the resource; it was never deprecated",
        ],
    },
    Case {
        name: "attribute removed from the baggage",
        edits: &[
            ("baggage: [account.tier]\n", ""),
        ],
        expected: &[
            "major, breaks code: removed: `account.tier` is no longer sent with requests: services that read it receive nothing",
        ],
    },
];
