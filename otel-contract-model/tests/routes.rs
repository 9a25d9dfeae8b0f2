//! Routes of operations, compared with the router of the server layers.

use std::path::Path;

use otel_contract_model::{Compiled, Route, Source, codes, series};
use otel_contract_yaml::compile;

/// Compiles a contract with one server operation for each route.
fn contract(routes: &[String]) -> Compiled {
    let operations: Vec<String> = routes
        .iter()
        .enumerate()
        .map(|(index, route)| {
            format!("  o{index}: {{ brief: Operation., kind: server, route: \"{route}\" }}\n")
        })
        .collect();
    let operations = operations.concat();
    let text = format!("contract: shop\nversion: 1.0.0\nbrief: Words.\noperations:\n{operations}");
    compile(&Source::text("", "contract.yaml", text))
}

/// The ids of the errors of a contract.
fn errors(routes: &[&str]) -> Vec<&'static str> {
    let routes: Vec<String> = routes.iter().map(|route| (*route).to_owned()).collect();
    let diagnostics = contract(&routes).diagnostics;
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.id)
        .collect()
}

#[test]
fn routes_are_read_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts");
    let compiled = compile(&Source::file(folder, "everything.yaml"));
    let contract = compiled.contract.expect("a contract");
    let routes: Vec<Vec<String>> = contract
        .operations
        .iter()
        .map(|operation| operation.routes.iter().map(Route::to_string).collect())
        .collect();
    let send = [
        "POST /orders/{order_id}/invoices",
        "PUT /invoices/by-name/{*name}",
        "/greeter.Greeter/Create",
    ];
    assert_eq!(
        routes,
        [
            vec![],
            send.map(str::to_owned).to_vec(),
            vec!["_OTHER".to_owned()]
        ]
    );
    let [post, _, greeter] = contract.operations[1].routes.as_slice() else {
        panic!("three routes")
    };
    assert_eq!(
        (post.method(), post.path()),
        (Some("POST"), "/orders/{order_id}/invoices")
    );
    assert_eq!(
        (greeter.method(), greeter.path()),
        (None, "/greeter.Greeter/Create")
    );
    assert_eq!(contract.operations[2].routes, [Route::Other]);
}

#[test]
fn valid_routes_are_accepted_by_the_router_too() {
    let templates = [
        "/",
        "/orders/",
        "/orders/{order_id}",
        "/orders/{order-id}/lines/{line.id}",
        "/users/user-{id}/",
        "/files/{*name}",
        "/files/v1-{*name}",
        "/greeter.Greeter/SayHello",
        "/orders:batch",
        "/a%20b/~x/!$&'()*+,;=:@",
    ];
    for template in templates {
        assert_eq!(errors(&[template]), [""; 0], "{template}");
        for method in Route::METHODS {
            assert_eq!(
                errors(&[&format!("{method} {template}")]),
                [""; 0],
                "{method} {template}"
            );
        }
        let mut router = matchit::Router::new();
        assert_eq!(router.insert(template, ()), Ok(()), "{template}");
    }
    let most: Vec<String> = (1..=25).map(|index| format!("/{{p{index}}}")).collect();
    let most = most.concat();
    assert_eq!(errors(&[&most]), [""; 0]);
    assert_eq!(matchit::Router::new().insert(most, ()), Ok(()));
}

#[test]
fn an_attribute_that_the_handler_sets_may_be_absent_in_the_metrics_of_an_operation_with_routes() {
    let bound = |fields: &str| {
        let text = format!(
            "contract: shop
version: 1.0.0
brief: Words.
semconv:
  http.request.method: {{}}
  http.route: {{ limit: 20 }}
  url.scheme: {{ values: [http, https] }}
defaults: {{ privacy: internal }}
attributes:
  plan: {{ values: [free, pro], brief: Plan. }}
operations:
  order.show:
    brief: Show an order.
    kind: server
{fields}    attributes: {{ http.request.method: required, http.route: required, url.scheme: required, plan: required }}
    errors: []
    metrics: {{ dimensions: [plan, http.request.method, http.route, url.scheme], active: true }}
"
        );
        let compiled = compile(&Source::text("", "contract.yaml", text));
        assert_eq!(compiled.diagnostics.to_string(), "");
        let contract = compiled.contract.expect("a contract");
        let operation = &contract.operations[0];
        let metrics = operation.metrics.as_ref().expect("metrics");
        let duration = series::duration(&contract, operation, metrics);
        let active = series::active(&contract, operation, metrics);
        (duration.to_string(), active.to_string())
    };
    let (duration, active) = bound("");
    assert_eq!(
        duration,
        "2 plans × 11 methods × 21 routes × 2 schemes × 4 outcomes = 3,696"
    );
    assert_eq!(active, "2 plans × 11 methods × 21 routes × 2 schemes = 924");
    // A server layer knows the method and the route of every request, but the scheme may not be one of the values.
    let (duration, active) = bound("    route: GET /orders/{order_id}\n");
    assert_eq!(
        duration,
        "3 plans × 11 methods × 21 routes × 3 schemes × 4 outcomes = 8,316"
    );
    assert_eq!(
        active,
        "3 plans × 11 methods × 21 routes × 3 schemes = 2,079"
    );
}

#[test]
fn every_contract_without_errors_has_a_router() {
    let (mut accepted, mut rejected) = (0, 0);
    for seed in 0..3000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let count = 2 + random.below(3);
        let routes: Vec<String> = (0..count).map(|_| random.route()).collect();
        let compiled = contract(&routes);
        let ids: Vec<&str> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.id)
            .collect();
        let is_ambiguous = ids.contains(&codes::AMBIGUOUS_ROUTE.id);
        assert!(
            ids.iter().all(|id| *id == codes::AMBIGUOUS_ROUTE.id),
            "{routes:?}: {ids:?}"
        );
        assert_eq!(is_ambiguous, !has_router(&routes), "{routes:?}");
        if is_ambiguous {
            rejected += 1;
        } else {
            accepted += 1;
        }
    }
    assert!(
        accepted > 500 && rejected > 500,
        "{accepted} accepted, {rejected} rejected"
    );
}

/// Returns whether the router of each method accepts its routes and the routes of every method.
fn has_router(routes: &[String]) -> bool {
    ["GET", "PUT"].into_iter().all(|table| {
        let mut router = matchit::Router::new();
        let templates = routes
            .iter()
            .filter_map(|route| match route.split_once(' ') {
                Some((method, template)) => (method == table).then_some(template),
                None => Some(route.as_str()),
            });
        let mut inserted = templates.map(|template| router.insert(template, ()));
        inserted.all(|inserted| inserted.is_ok())
    })
}

/// A generator of random routes, xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let index = self.below(words.len() as u64);
        words[usize::try_from(index).unwrap_or(0)]
    }

    fn route(&mut self) -> String {
        let mut route = self.pick(&["", "GET ", "PUT "]).to_owned();
        for place in 0..=self.below(3) {
            let text = self.pick(&["/", "/a", "/b", "/ab"]);
            // A name may occur only once in a route.
            let parameter = match self.pick(&["", "x", "y", "*z"]) {
                "" if text == "/" => "a".to_owned(),
                "" => String::new(),
                "*z" => "{*z}".to_owned(),
                name => format!("{{{name}{place}}}"),
            };
            route = format!("{route}{text}{parameter}");
            if parameter == "{*z}" {
                break;
            }
        }
        route
    }
}
