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

let out;
before(() => {
  out = build(examples, "graphml,gexf,jsonl", "--layout");
});

const statements = () => readFileSync(join(out, "graph.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));

for (const [name, importer] of [["graphml", graphml], ["gexf", gexf]]) {
  describe(name, () => {
    let graph;
    before(() => {
      graph = importer.parse(graphology.MultiDirectedGraph, readFileSync(join(out, `graph.${name}`), "utf8"));
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
  const [one, other] = [[graphml, "graphml"], [gexf, "gexf"]].map(([importer, name]) => importer.parse(graphology.MultiDirectedGraph, readFileSync(join(out, `graph.${name}`), "utf8")));
  const ids = (graph) => graph.mapEdges((_, it) => it.statement_id).sort();
  assert.deepEqual(ids(one), ids(other));
  const known = new Set(statements().map((s) => s.id));
  assert.ok(known.size >= new Set(ids(one)).size);
});
