//! Queries: what the guard lets pass, the parser reads without overflow on a small stack.

use newsgraph::store::guard;
use oxigraph::sparql::SparqlEvaluator;

/// Far less than the stack that queries get.
const STACK: usize = 1 << 20;

/// Parses what the guard accepts. An overflow ends the process.
pub fn check(data: &[u8]) {
    let Ok(query) = std::str::from_utf8(data) else { return };
    if guard::check(query).is_err() {
        return;
    }
    std::thread::scope(|scope| {
        let parse = || SparqlEvaluator::new().parse_query(query).map(drop);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse);
        let parsed = thread.expect("a thread").join();
        // Whether it is SPARQL, the parser says.
        drop(parsed.expect("the parser does not panic"));
    });
}
