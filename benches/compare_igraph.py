#!/usr/bin/env python3
"""Times igraph writing the GraphML file that `cargo bench --bench export -- N FOLDER` left.

    pip install igraph
    cargo bench --bench export -- 200000 /tmp/graphs
    python3 benches/compare_igraph.py /tmp/graphs/graph.graphml

igraph reads the file, which does not count, and writes the same graph with the same attributes to a file.
The best of three rounds is printed.
"""
import os
import sys
import tempfile
import time

import igraph

graph = igraph.Graph.Read_GraphML(sys.argv[1])
rounds = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "graph.graphml")
    for _ in range(3):
        start = time.perf_counter()
        graph.write_graphml(path)
        rounds.append(time.perf_counter() - start)
    size = os.path.getsize(path) >> 20
rate = graph.ecount() / min(rounds)
print(f"igraph {igraph.__version__}: {graph.ecount()} edges, {size} MB, {min(rounds):.2f} s, {rate:.0f} edges/s")
