#!/usr/bin/env python3
"""Times the question for one entity over HTTP.

    cargo bench --bench export -- 45000 /tmp/graphs      # about a million triples
    target/release/newsgraph serve /tmp/graphs/graph.ttl --port 7899 &
    python3 benches/entity_query.py 7899

One client, one connection a question, as a browser asks: everything that is said of one thing, with the
sentences.
"""
import statistics
import sys
import time
import urllib.parse
import urllib.request

PORT = int(sys.argv[1])
N = int(sys.argv[2]) if len(sys.argv) > 2 else 300
QUERY = """SELECT ?p ?o ?time ?sentence WHERE {{
  ?st rdf:subject e:entity-number-{:07} ; rdf:predicate ?p ; rdf:object ?o ; prov:wasDerivedFrom ?span .
  OPTIONAL {{ ?st ng:time ?time }} ?span nif:anchorOf ?sentence }}"""

times = []
for nth in range(N):
    query = urllib.parse.urlencode({"query": QUERY.format(nth * 7 % 10000)})
    request = urllib.request.Request(
        f"http://localhost:{PORT}/sparql?{query}", headers={"Accept": "application/sparql-results+json"}
    )
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        answer.read()
    times.append((time.perf_counter() - start) * 1000)
times.sort()
print(f"{N} questions: median {statistics.median(times):.2f} ms, p99 {times[int(N * 0.99)]:.2f} ms")
