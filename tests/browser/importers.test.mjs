// Graph files as the importers of Gephi Lite read them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { DOMParser } from "@xmldom/xmldom";
import graphology from "graphology";
import * as gexf from "graphology-gexf";
import * as graphml from "graphology-graphml";
import { build, examples } from "./program.mjs";

// The importers take a browser's parser of XML.
globalThis.DOMParser = DOMParser;

const importers = { graphml, gexf };
const graphs = {};
let statements;
before(() => {
  const out = build(examples, "graphml,gexf,jsonl", "--layout", "--all");
  const text = (name) => readFileSync(join(out, `graph.${name}`), "utf8");
  for (const [name, importer] of Object.entries(importers)) graphs[name] = importer.parse(graphology.MultiDirectedGraph, text(name));
  statements = text("jsonl").trim().split("\n").map((line) => JSON.parse(line));
});

for (const name of Object.keys(importers)) {
  describe(name, () => {
    let graph;
    before(() => {
      graph = graphs[name];
    });

    test("nodes have a label, a size, a color and a place", () => {
      assert.ok(graph.order > 100, `${graph.order} nodes`);
      graph.forEachNode((node, it) => {
        assert.ok(it.label, node);
        assert.ok(it.size > 0, node);
        assert.match(it.color, /^(#[0-9a-f]{6}|rgba?\()/i, node);
        assert.ok(Number.isFinite(it.x) && Number.isFinite(it.y), node);
      });
    });

    test("edges say their relation", () => {
      assert.ok(graph.size > 100, `${graph.size} edges`);
      graph.forEachEdge((edge, it) => {
        assert.ok(it.label, edge);
        assert.ok(it.interaction, edge);
        assert.ok(it.weight > 0, edge);
        assert.ok(it.factuality, edge);
      });
      const relations = new Set(graph.mapEdges((_, it) => it.label));
      assert.ok(relations.size > 50, `${relations.size} relations`);
    });
  });
}

test("both forms hold the same edges", () => {
  const ids = (graph) => graph.mapEdges((_, it) => it.statement_id).sort();
  assert.deepEqual(ids(graphs.graphml), ids(graphs.gexf));
  const known = new Set(statements.map((s) => s.id));
  assert.ok(known.size >= new Set(ids(graphs.graphml)).size);
});
