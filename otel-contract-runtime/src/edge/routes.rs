//! The table of routes of a contract.

use super::facts::{self, RequestFact, RequestFacts, ResponseFacts};
use crate::definition::{ContractDefinition, OTHER, OperationDefinition, Route};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Operations of a contract, by method and path.
#[derive(Debug)]
pub(crate) struct Routes {
    operations: Vec<RoutedOperation>,
    by_method: HashMap<&'static str, Paths>,
    of_other_methods: Paths,
    /// Operation of requests that match no route.
    other: Option<usize>,
}

/// Path templates, each with the index of its operation and the template itself.
type Paths = matchit::Router<(usize, &'static str)>;

/// An operation with routes, and the attributes that the layer sets.
#[derive(Debug)]
pub(crate) struct RoutedOperation {
    pub(crate) definition: &'static OperationDefinition,
    /// Attributes of the request that the sampler sees.
    pub(crate) sampling_relevant: Box<[(usize, RequestFact)]>,
    /// All other attributes of the request.
    pub(crate) of_request: Box<[(usize, RequestFact)]>,
    pub(crate) of_response: Box<[(usize, facts::ResponseFact)]>,
}

impl RoutedOperation {
    /// Whether an attribute records one of these facts.
    pub(crate) fn records(&self, facts: &[RequestFact]) -> bool {
        let mut recorded = self.sampling_relevant.iter().chain(&self.of_request);
        recorded.any(|(_, fact)| facts.contains(fact))
    }
}

impl Routes {
    /// Returns the table of a contract, which is created once.
    pub(crate) fn of_contract(contract: &'static ContractDefinition) -> &'static Self {
        static TABLES: Mutex<Vec<(&ContractDefinition, &Routes)>> = Mutex::new(Vec::new());
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        let present = tables
            .iter()
            .find(|(present, _)| std::ptr::eq(*present, contract));
        if let Some((_, table)) = present {
            return table;
        }
        let table: &'static Self = Box::leak(Box::new(Self::of(contract)));
        tables.push((contract, table));
        table
    }

    /// Creates the table. `contract!` has checked that the routes are valid and do not match the same requests.
    fn of(contract: &'static ContractDefinition) -> Self {
        let mut table = Self {
            operations: Vec::new(),
            by_method: HashMap::new(),
            of_other_methods: Paths::new(),
            other: None,
        };
        let with_routes = contract.operations.iter();
        let with_routes = with_routes.filter(|definition| !definition.routes.is_empty());
        for (index, definition) in with_routes.clone().enumerate() {
            table.operations.push(RoutedOperation {
                definition,
                sampling_relevant: facts::attributes::<RequestFacts<'_>>(definition, true),
                of_request: facts::attributes::<RequestFacts<'_>>(definition, false),
                of_response: facts::attributes::<ResponseFacts>(definition, false),
            });
            for method in definition.routes.iter().filter_map(|route| route.method) {
                table.by_method.entry(method).or_default();
            }
            let mut routes = definition.routes.iter();
            if routes.any(|route| route.path == OTHER) {
                table.other = Some(index);
            }
        }
        for (index, definition) in with_routes.enumerate() {
            let routes = definition.routes.iter();
            for route in routes.filter(|route| route.path != OTHER) {
                table.insert(*route, index);
            }
        }
        table
    }

    /// Adds a route to the table of its method. A route of every method is in every table, where a literal segment has
    /// precedence over a parameter.
    fn insert(&mut self, route: Route, operation: usize) {
        let mut add = |paths: &mut Paths| {
            let added = paths.insert(route.path, (operation, route.path));
            debug_assert!(added.is_ok(), "`contract!` accepted {route:?}");
        };
        match route.method {
            Some(method) => add(self.by_method.entry(method).or_default()),
            None => {
                self.by_method.values_mut().for_each(&mut add);
                add(&mut self.of_other_methods);
            }
        }
    }

    /// Returns the operation of a request and the template of its route; `None`: the contract has none for it.
    ///
    /// A `HEAD` request without a route of its own is one of `GET`, which servers answer without the body.
    pub(crate) fn find(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(&RoutedOperation, &'static str)> {
        let of_method = |method| {
            let paths = self.by_method.get(method);
            paths.unwrap_or(&self.of_other_methods).at(path).ok()
        };
        let found = of_method(method)
            .or_else(|| (method == "HEAD").then(|| of_method("GET")).flatten())
            .map(|found| *found.value)
            .or_else(|| Some((self.other?, OTHER)))?;
        Some((&self.operations[found.0], found.1))
    }
}
