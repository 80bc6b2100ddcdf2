"use strict";
// What is known, in objects that refer to each other. Parts of a graph can be added at any time.

const FACTUALITIES = ["asserted", "claimed", "planned", "possible", "hypothetical", "denied"];
const KINDS = ["Person", "Organization", "Place", "Event", "Product", ""];

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class Model {
  constructor() {
    this.documents = new Map();
    this.sentences = new Map();
    this.entities = new Map();
    this.predicates = new Map();
    this.statements = new Map();
    this.total = null;
  }

  /** Takes in a part; what is known already stays as it is. */
  add(data) {
    const keep = (map, key, value) => {
      if (!map.has(key)) map.set(key, value);
      return map.get(key);
    };
    const documents = data.documents.map((d) => keep(this.documents, d.id, { ...d, sentences: [] }));
    const predicates = data.predicates.map((p) => keep(this.predicates, p.id, { ...p }));
    const sentences = data.sentences.map((s) => {
      const document = documents[s.document];
      const key = `${document.id} ${s.start}`;
      const sentence = keep(this.sentences, key, { document, start: s.start, text: s.text });
      if (!document.sentences.includes(sentence)) document.sentences.push(sentence);
      return sentence;
    });
    const fresh = [];
    const entities = data.entities.map((e) => {
      const known = this.entities.get(e.id);
      if (known) return known;
      const entity = { ...e, statements: [], folded: null };
      this.entities.set(e.id, entity);
      fresh.push(entity);
      return entity;
    });
    for (const entity of fresh) entity.members = (entity.members || []).map((at) => entities[at]);
    const filler = (value) => (typeof value === "number" ? entities[value] : value);
    for (const s of data.statements) {
      if (this.statements.has(s.id)) continue;
      const statement = {
        ...s,
        subject: entities[s.subject],
        predicate: predicates[s.predicate],
        object: filler(s.object),
        sources: (s.sources || []).map((at) => entities[at]),
        place: s.place === undefined ? null : entities[s.place],
        circumstances: (s.circumstances || []).map(([role, value]) => [role, filler(value)]),
        sentence: sentences[s.sentence],
      };
      this.statements.set(s.id, statement);
      this.connect(statement);
    }
    if (data.total !== undefined) this.total = data.total;
  }

  /** Tells the entities of a statement, and the pairs that it makes neighbors. */
  connect(statement) {
    const subjects = members(statement.subject);
    const objects = typeof statement.object === "string" ? [] : members(statement.object);
    statement.pairs = [];
    for (const a of subjects) {
      for (const b of objects) {
        if (a !== b && statement.pairs.length < 100) statement.pairs.push([a, b]);
      }
    }
    const all = new Set([statement.subject, ...subjects, ...objects]);
    if (typeof statement.object !== "string") all.add(statement.object);
    statement.entities = all;
    for (const entity of all) entity.statements.push(statement);
    const published = statement.sentence.document.date || "";
    statement.from_day = statement.first || published;
    statement.to_day = statement.last || published;
  }

  degree(entity) {
    return entity.degree === undefined ? entity.statements.length : entity.degree;
  }

  /** Entities by name, best first. */
  search(text, limit) {
    const words = fold(text).trim();
    if (!words) return [];
    const found = [];
    for (const entity of this.entities.values()) {
      entity.folded ||= [entity.label, ...(entity.aliases || [])].map(fold);
      let best = 9;
      for (const name of entity.folded) {
        const at = name.indexOf(words);
        if (at < 0) continue;
        const rank = name === words ? 0 : at === 0 ? 1 : /[\p{L}\p{N}]/u.test(name[at - 1]) ? 3 : 2;
        best = Math.min(best, rank);
      }
      if (best < 9) found.push([best, -this.degree(entity), entity]);
    }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2].id < b[2].id ? -1 : 1));
    return found.slice(0, limit).map((it) => it[2]);
  }
}

/** The things that an entity stands for: the members of a group, else itself. */
function members(entity, seen = new Set()) {
  if (seen.has(entity)) return [];
  seen.add(entity);
  if (!entity.members.length) return [entity];
  return entity.members.flatMap((member) => members(member, seen));
}

const label = (thing) => (typeof thing === "string" ? thing : thing.label);

/** Where an article comes from. */
const origin = (document) => document.publisher || document.name;

/** What is let through. An empty set of what is left out lets all through. */
class Filter {
  constructor() {
    this.from = "";
    this.to = "";
    this.without = { predicate: new Set(), source: new Set(), factuality: new Set() };
    this.voice = "";
  }

  passes(statement) {
    if (this.without.factuality.has(statement.factuality)) return false;
    if (statement.negative && this.without.factuality.has("negated")) return false;
    if (this.without.predicate.has(statement.predicate.id)) return false;
    if (this.without.source.has(origin(statement.sentence.document))) return false;
    if (this.voice === "text" && statement.sources.length) return false;
    if (this.voice.startsWith("e:") && !statement.sources.some((s) => `e:${s.id}` === this.voice)) return false;
    if (this.from && !(statement.to_day >= this.from)) return false;
    if (this.to && !(statement.from_day && statement.from_day <= this.to)) return false;
    return true;
  }

  /** How many filters are set. */
  count() {
    const sets = Object.values(this.without).filter((set) => set.size).length;
    return sets + Boolean(this.from) + Boolean(this.to) + Boolean(this.voice);
  }
}

/** The part of the model that is shown: nodes, and links between pairs with their statements. */
function view(model, filter, center, depth, limit) {
  const order = new Map();
  if (center && depth !== "all") {
    // Breadth first; of each step those come first of which most is said together.
    let ring = [center];
    order.set(center, 0);
    for (let step = 0; step < Number(depth) && order.size < limit; step++) {
      const weights = new Map();
      for (const entity of ring) {
        for (const statement of entity.statements) {
          if (!filter.passes(statement)) continue;
          for (const [a, b] of statement.pairs) {
            const other = a === entity ? b : b === entity ? a : null;
            if (other && !order.has(other)) weights.set(other, (weights.get(other) || 0) + 1);
          }
        }
      }
      const next = [...weights].sort((a, b) => b[1] - a[1] || model.degree(b[0]) - model.degree(a[0])
        || (a[0].id < b[0].id ? -1 : 1));
      ring = [];
      for (const [entity] of next) {
        if (order.size >= limit) break;
        order.set(entity, order.size);
        ring.push(entity);
      }
    }
  } else {
    const weights = new Map();
    for (const statement of model.statements.values()) {
      if (!statement.pairs.length || !filter.passes(statement)) continue;
      for (const pair of statement.pairs) {
        for (const entity of pair) weights.set(entity, (weights.get(entity) || 0) + 1);
      }
    }
    const all = [...weights].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1));
    if (center) order.set(center, 0);
    for (const [entity] of all) {
      if (order.size >= limit) break;
      if (!order.has(entity)) order.set(entity, order.size);
    }
  }
  const links = new Map();
  let statements = 0;
  for (const entity of order.keys()) {
    for (const statement of entity.statements) {
      let counted = false;
      for (const [a, b] of statement.pairs) {
        // Each pair once: from its subject.
        if (a !== entity || !order.has(b) || !filter.passes(statement)) continue;
        const key = order.get(a) < order.get(b) ? `${a.id} ${b.id}` : `${b.id} ${a.id}`;
        let link = links.get(key);
        if (!link) {
          const [first, second] = order.get(a) < order.get(b) ? [a, b] : [b, a];
          link = { a: first, b: second, statements: [], forth: false, back: false, sure: false, negated: true };
          links.set(key, link);
        }
        if (!link.statements.includes(statement)) link.statements.push(statement);
        if (a === link.a || statement.predicate.symmetric) link.forth = true;
        if (a === link.b || statement.predicate.symmetric) link.back = true;
        link.sure ||= statement.factuality === "asserted" && !statement.negative;
        link.negated &&= Boolean(statement.negative) || statement.factuality === "denied";
        if (!counted) statements++;
        counted = true;
      }
    }
  }
  // What hangs together with nothing else tells nothing here.
  const linked = new Set([...links.values()].flatMap((link) => [link.a, link.b]));
  const entities = [...order.keys()].filter((entity) => entity === center || linked.has(entity));
  return { entities, links: [...links.values()], statements };
}

/** A date in words for people. */
function when(statement) {
  return statement.time || statement.first || "";
}
