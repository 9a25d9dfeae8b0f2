//! The errors of a registry, defined like contract errors (`otel_contract_model::codes`).

use otel_contract_model::Code;

/// Defines the codes, and a list of all codes.
macro_rules! catalogue {
    ($( $(#[$meta:meta])* pub const $name:ident: Code = $code:expr; )+) => {
        $( $(#[$meta])* pub const $name: Code = $code; )+

        /// All codes, sorted by number.
        pub const ALL: &[&Code] = &[$(&$name),+];
    };
}

catalogue! {
    /// A value of the wrong type.
    pub const WRONG_SHAPE: Code = Code {
        id: "OC0901",
        message: "expected {}, found {}",
        label: "not {0}",
        help: "",
    };

    /// A missing required field.
    pub const MISSING: Code = Code {
        id: "OC0902",
        message: "{} has no `{}`",
        label: "needs `{1}`",
        help: "add `{1}`",
    };

    /// A word that the format does not define.
    pub const UNKNOWN_WORD: Code = Code {
        id: "OC0903",
        message: "`{}` is not {}",
        label: "unknown keyword",
        help: "use one of {2}",
    };

    /// Two definitions with the same key.
    pub const DUPLICATE: Code = Code {
        id: "OC0904",
        message: "{} `{}` is defined twice",
        label: "defined again",
        help: "remove one of them",
    };

    /// A `ref` to an undefined attribute.
    pub const MISSING_ATTRIBUTE: Code = Code {
        id: "OC0905",
        message: "attribute `{}` is not defined in the registry or its dependencies",
        label: "undefined attribute",
        help: "define it, or add the registry that defines it as a dependency with its `registry_path`",
    };

    /// An `extends`, `ref_group` or refinement of an undefined group.
    pub const MISSING_GROUP: Code = Code {
        id: "OC0906",
        message: "`{}` is not defined in the registry or its dependencies",
        label: "undefined name",
        help: "define it, or correct the name",
    };

    /// A group that extends itself, directly or indirectly.
    pub const CYCLE: Code = Code {
        id: "OC0907",
        message: "`{}` extends itself",
        label: "cycle closes here",
        help: "remove one of the references in the cycle: {1}",
    };

    /// A dependency whose folder cannot be read.
    pub const MISSING_DEPENDENCY: Code = Code {
        id: "OC0908",
        message: "dependency `{}` cannot be read: {}",
        label: "unreadable dependency",
        help: "`registry_path` must be the folder of a registry, relative to this manifest",
    };

    /// Registries that depend on each other.
    pub const DEPENDENCY_CYCLE: Code = Code {
        id: "OC0909",
        message: "registry `{}` depends on itself",
        label: "cycle closes here",
        help: "remove one of the dependencies in the cycle",
    };

    /// An import without a match.
    pub const EMPTY_IMPORT: Code = Code {
        id: "OC0910",
        message: "no dependency has {} matching `{}`",
        label: "no match",
        help: "correct the name, or add the registry that defines it as a dependency with its `registry_path`",
    };

    /// An unsupported format.
    pub const UNKNOWN_FORMAT: Code = Code {
        id: "OC0911",
        message: "format `{}` is not supported",
        label: "unknown format",
        help: "use `file_format: definition/2`, or `groups:` without `file_format`",
    };

    /// A chain of references that exceeds the limit.
    pub const TOO_DEEP: Code = Code {
        id: "OC0912",
        message: "`{}` is nested in more than {} groups",
        label: "too deep",
        help: "reduce the nesting of groups",
    };
}
