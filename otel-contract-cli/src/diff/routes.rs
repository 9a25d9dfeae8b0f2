//! Routes of operations: which operation a request becomes, and its value of `http.route`.

use super::{Breaks, Changes, Step, Subject};
use otel_contract_model::{Contract, Operation, Route};

/// Compares the routes of an operation that is in both contracts.
pub(super) fn compare(
    changes: &mut Changes<'_>,
    subject: Subject<'_>,
    before: &Operation,
    now: &Operation,
) {
    let name = subject.phrase();
    let mut added: Vec<&Route> = without(&now.routes, &before.routes);
    let breaks = Breaks::QUERIES.and(Breaks::DASHBOARDS.when(before.metrics.is_some()));
    for route in without(&before.routes, &now.routes) {
        // A route with other names of its parameters matches the same requests.
        let renamed = added.iter().position(|other| is_renamed(route, other));
        let sentence = if let Some(renamed) = renamed {
            let renamed = added.remove(renamed);
            format!(
                "{name} now has the route `{renamed}` instead of `{route}`: searches and charts by `http.route` no longer find its requests"
            )
        } else {
            removed(changes.new, &name, now, route)
        };
        changes.push(subject, "route", breaks, Step::Major, sentence);
    }
    for route in added {
        // The loss of a route is reported for the operation that had the route.
        let is_reported = owner(changes.old, route).is_some_and(|previous| {
            let mut kept = changes.new.operations.iter();
            kept.any(|kept| kept.name == previous.name)
        });
        if !is_reported {
            let sentence = format!("{} are now {name}", requests(route));
            changes.minor(subject, "route", sentence);
        }
    }
}

fn without<'a>(routes: &'a [Route], others: &[Route]) -> Vec<&'a Route> {
    let routes = routes.iter();
    routes.filter(|route| !others.contains(route)).collect()
}

fn requests(route: &Route) -> String {
    match route {
        Route::Path { .. } => format!("requests of `{route}`"),
        Route::Other => "requests that match no other route".to_owned(),
    }
}

/// Describes what the requests of a removed route are now.
fn removed(new: &Contract, name: &str, now: &Operation, route: &Route) -> String {
    let requests = requests(route);
    match owner(new, route).or_else(|| owner(new, &Route::Other)) {
        Some(operation) if operation.name == now.name => {
            format!("{requests} are still {name}, but their `http.route` is now `_OTHER`")
        }
        Some(operation) => {
            format!(
                "{requests} are no longer {name}, but operation `{}`",
                operation.name
            )
        }
        None => format!(
            "{requests} are no longer {name}: they are not recorded, unless another route matches them"
        ),
    }
}

/// Returns the operation with a route for the same requests.
fn owner<'a>(contract: &'a Contract, route: &Route) -> Option<&'a Operation> {
    let mut operations = contract.operations.iter();
    operations.find(|operation| {
        let mut routes = operation.routes.iter();
        routes.any(|other| other == route || is_renamed(route, other))
    })
}

/// Returns whether routes differ only in the names of their parameters.
fn is_renamed(route: &Route, other: &Route) -> bool {
    route.method() == other.method() && unnamed(route.path()) == unnamed(other.path())
}

/// Returns a template without the names of its parameters.
fn unnamed(template: &str) -> Vec<String> {
    let segments = template
        .split('/')
        .map(|segment| match segment.split_once('{') {
            Some((text, name)) if name.starts_with('*') => format!("{text}{{*}}"),
            Some((text, _)) => format!("{text}{{}}"),
            None => segment.to_owned(),
        });
    segments.collect()
}
