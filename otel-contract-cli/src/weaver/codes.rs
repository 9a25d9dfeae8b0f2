//! The faults of a registry, in the form of those of a contract (`otel_contract_model::codes`).

use otel_contract_model::Code;

/// Defines the codes, and the list of them all.
macro_rules! catalogue {
    ($( $(#[$meta:meta])* pub const $name:ident: Code = $code:expr; )+) => {
        $( $(#[$meta])* pub const $name: Code = $code; )+

        /// Every code, by number.
        pub const ALL: &[&Code] = &[$(&$name),+];
    };
}

catalogue! {
    /// A value of another kind than the format has there.
    pub const WRONG_SHAPE: Code = Code {
        id: "OC0901",
        message: "expected {}, found {}",
        label: "not {0}",
        help: "",
    };

    /// A field without which an entry says nothing.
    pub const MISSING: Code = Code {
        id: "OC0902",
        message: "{} has no `{}`",
        label: "needs `{1}`",
        help: "add `{1}`",
    };

    /// A word that is none of those the format knows.
    pub const UNKNOWN_WORD: Code = Code {
        id: "OC0903",
        message: "`{}` is not {}",
        label: "unknown word",
        help: "write one of {2}",
    };

    /// A definition with the key of another.
    pub const TWICE: Code = Code {
        id: "OC0904",
        message: "{} `{}` is defined twice",
        label: "defined again",
        help: "remove one of them",
    };

    /// A `ref` to an attribute that is nowhere.
    pub const MISSING_ATTRIBUTE: Code = Code {
        id: "OC0905",
        message: "`{}` is no attribute of the registry or of its dependencies",
        label: "refers to nothing",
        help: "define it, or give the registry that does as a dependency with its `registry_path`",
    };

    /// An `extends`, `ref_group` or refinement of what is nowhere.
    pub const MISSING_GROUP: Code = Code {
        id: "OC0906",
        message: "nothing in the registry or its dependencies is called `{}`",
        label: "refers to nothing",
        help: "define it, or correct the name",
    };

    /// A group that extends itself, by whatever way.
    pub const CYCLE: Code = Code {
        id: "OC0907",
        message: "`{}` extends itself",
        label: "comes back to where it began",
        help: "remove one of the references that lead back: {1}",
    };

    /// A dependency whose folder is not there.
    pub const MISSING_DEPENDENCY: Code = Code {
        id: "OC0908",
        message: "dependency `{}` cannot be read: {}",
        label: "not a registry's folder",
        help: "give the path of a folder, relative to this manifest",
    };

    /// Registries that depend on each other.
    pub const DEPENDENCY_CYCLE: Code = Code {
        id: "OC0909",
        message: "registry `{}` depends on itself",
        label: "comes back to where it began",
        help: "remove one of the dependencies that lead back",
    };

    /// An import that matches nothing.
    pub const EMPTY_IMPORT: Code = Code {
        id: "OC0910",
        message: "no dependency has {} like `{}`",
        label: "matches nothing",
        help: "correct the name, or give the registry that has it as a dependency with its `registry_path`",
    };

    /// A format this command cannot read.
    pub const UNKNOWN_FORMAT: Code = Code {
        id: "OC0911",
        message: "format `{}` is not supported",
        label: "unknown format",
        help: "the formats are `file_format: definition/2`, and `groups:` without a format",
    };

    /// A chain of references longer than any registry has.
    pub const TOO_DEEP: Code = Code {
        id: "OC0912",
        message: "`{}` is reached through more than {} groups",
        label: "too deep",
        help: "let groups extend each other less deeply",
    };
}
