// The page: search, filters, what is known, and the address that leads back to it.

const $ = (id) => document.getElementById(id);

/** An element. Texts become text nodes, whatever they hold. */
function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const served = document.documentElement.dataset.mode === "served";
const given = JSON.parse($("data").textContent || "null");
const model = new Model();
const filter = new Filter();
const state = { center: null, shown: null, depth: "1", limit: 150 };
let picture;
let asked = 0;

const say = (text) => { $("live").textContent = text; };

async function fetchData(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error((await response.text()).trim() || `status ${response.status}`);
  return response.json();
}

/** Has what is known of an entity loaded. */
async function load(id) {
  if (served && !model.loaded?.has(id)) {
    model.add(await fetchData(`/api/entity?id=${encodeURIComponent(id)}`));
    (model.loaded ||= new Set()).add(id);
  }
  return model.entities.get(id) || null;
}

/** Has a statement or an article loaded. */
async function loadOther(kind, id) {
  if (served && !model.loaded?.has(`${kind} ${id}`)) {
    model.add(await fetchData(`/api/${kind}?id=${encodeURIComponent(id)}`));
    (model.loaded ||= new Set()).add(`${kind} ${id}`);
  }
}

/* ---- search ---- */

const search = { found: [], at: -1, timer: 0 };

function setupSearch() {
  const input = $("search");
  const list = $("found");
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    search.at = -1;
  };
  const take = (entry) => {
    input.value = entry.label;
    close();
    open({ center: entry.id });
    $("panel").focus();
  };
  const choose = (at) => {
    search.at = (at + search.found.length) % search.found.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === search.at)));
    list.children[search.at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `found-${search.at}`);
  };
  const show = (found) => {
    search.found = found;
    search.at = -1;
    list.replaceChildren(...found.map((entry, i) => h("li", {
      id: `found-${i}`, role: "option", "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); take(entry); },
    }, h("span", { class: "name" }, entry.label), h("span", { class: "class" }, `${entry.class} · ${entry.degree}`))));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    input.removeAttribute("aria-activedescendant");
    say(found.length ? `${found.length} found` : input.value.trim() ? "nothing found" : "");
  };
  input.addEventListener("input", () => {
    clearTimeout(search.timer);
    const words = input.value;
    const ticket = ++asked;
    if (!served) {
      return show(model.search(words, 30).map((e) => ({ id: e.id, label: e.label, class: e.class, degree: model.degree(e) })));
    }
    search.timer = setTimeout(async () => {
      try {
        const found = words.trim() ? await fetchData(`/api/search?q=${encodeURIComponent(words)}`) : [];
        if (ticket === asked) show(found);
      } catch (error) { say(String(error.message)); }
    }, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (!search.found.length || list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(search.at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(search.at < 0 ? -1 : search.at - 1); }
    if (event.key === "Enter") { event.preventDefault(); take(search.found[Math.max(search.at, 0)]); }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}

/* ---- filters ---- */

/** A box of choices, the rarest behind one. */
function checks(box, name, values) {
  const most = 400;
  const set = filter.without[name];
  const legend = box.querySelector("legend");
  const row = (chosen, text, n) => {
    const input = h("input", {
      type: "checkbox",
      onchange: (event) => {
        for (const value of chosen) {
          if (event.target.checked) set.delete(value);
          else set.add(value);
        }
        changed();
      },
    });
    input.checked = chosen.some((value) => !set.has(value));
    return h("label", { class: "check" }, input, h("span", {}, text), h("span", { class: "n" }, n));
  };
  const rows = values.slice(0, most).map(([value, text, n]) => row([value], text, n));
  const rare = values.slice(most);
  if (rare.length) rows.push(row(rare.map(([value]) => value), `${rare.length} rarer ones`, rare.reduce((sum, [, , n]) => sum + n, 0)));
  const all = h("p", { class: "hint" },
    h("button", { type: "button", class: "link", onclick: () => { set.clear(); changed(true); } }, "all"), " · ",
    h("button", { type: "button", class: "link", onclick: () => { values.forEach(([v]) => set.add(v)); changed(true); } }, "none"));
  box.replaceChildren(legend, values.length > 4 ? all : "", h("div", { class: "scroll" }, rows));
}

function counted(key) {
  const counts = new Map();
  for (const statement of model.statements.values()) {
    for (const value of [key(statement)].flat()) counts.set(value, (counts.get(value) || 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1));
}

function showFilters() {
  const predicates = counted((s) => s.predicate.id);
  checks($("predicates"), "predicate", predicates.map(([id, n]) => [id, model.predicates.get(id).label + (id.startsWith("open:") ? " *" : ""), n]));
  checks($("sources"), "source", counted((s) => origin(s.sentence.document)).map(([name, n]) => [name, name, n]));
  const factualities = new Map(counted((s) => s.factuality));
  const negated = [...model.statements.values()].filter((s) => s.negative).length;
  checks($("factuality"), "factuality", [...FACTUALITIES.map((f) => [f, f, factualities.get(f) || 0]), ["negated", "negated", negated]]);
  const voices = new Map();
  for (const s of model.statements.values()) for (const who of s.sources) voices.set(who, (voices.get(who) || 0) + 1);
  const sorted = [...voices].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1)).slice(0, 300);
  $("voice").replaceChildren(h("option", { value: "" }, "anyone"), h("option", { value: "text" }, "the article itself"),
    ...sorted.map(([who, n]) => h("option", { value: `e:${who.id}` }, `${short(who.label)} (${n})`)));
  $("voice").value = filter.voice;
  $("from").value = filter.from;
  $("to").value = filter.to;
  $("depth").value = state.depth;
  $("limit").value = String(state.limit);
  showCount();
}

function showCount() {
  const n = filter.count();
  $("filter-count").textContent = n ? `(${n})` : "";
}

/** A filter was set: the picture, the lists and the address follow. */
function changed(filters) {
  if (filters) showFilters();
  showCount();
  draw();
  showPanel();
  remember();
}

function setupFilters() {
  $("from").addEventListener("change", (event) => { filter.from = event.target.value; changed(); });
  $("to").addEventListener("change", (event) => { filter.to = event.target.value; changed(); });
  $("voice").addEventListener("change", (event) => { filter.voice = event.target.value; changed(); });
  $("depth").addEventListener("change", (event) => { state.depth = event.target.value; changed(); });
  $("limit").addEventListener("change", async (event) => {
    state.limit = Number(event.target.value);
    if (served && !state.center) await overview();
    changed(served);
  });
  $("reset").addEventListener("click", () => {
    Object.assign(filter, new Filter());
    changed(true);
  });
  if (window.matchMedia("(max-width: 62rem)").matches) $("filters-box").open = false;
}

/* ---- picture ---- */

function draw() {
  const center = state.center ? model.entities.get(state.center) : null;
  const shown = view(model, filter, center, state.depth, state.limit);
  picture.show(shown, center);
  const parts = [`${shown.entities.length} things`, `${shown.statements} statements`];
  if (served && model.total > model.statements.size) parts.push(`of ${model.total} in the graph`);
  $("count").textContent = parts.join(", ");
  $("picture").setAttribute("aria-label", `Picture of the graph${center ? ` around ${center.label}` : ""}: ${parts.join(", ")}`);
  if (state.shown?.pair) {
    picture.chosen = picture.links.find((l) => pairKey(l.a, l.b) === state.shown.pair) || null;
    picture.draw();
  }
}

function setupPicture() {
  picture = new Picture($("picture"), {
    node: (entity) => open({ center: entity.id }),
    link: (link) => open({ pair: pairKey(link.a, link.b) }),
    marked: (entity, link) => say(link ? linkTitle(link) : `${entity.label}, ${entity.class}`),
  });
  $("zoom-in").addEventListener("click", () => picture.zoom(1.3));
  $("zoom-out").addEventListener("click", () => picture.zoom(1 / 1.3));
  $("fit").addEventListener("click", () => picture.fit());
  $("shake").addEventListener("click", () => {
    picture.nodes = [];
    picture.places.clear();
    draw();
  });
  const names = { Person: "person", Organization: "organization", Place: "place", Event: "event", Product: "product", "": "other" };
  const items = KINDS.map((kind) => {
    const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    canvas.style.width = canvas.style.height = "14px";
    return { kind, canvas, item: h("li", {}, canvas, names[kind]) };
  });
  const lines = [["solid", "asserted"], ["dashed", "claimed, planned …"], ["dotted", "denied, negated"]].map(([dash, words]) => {
    const line = h("span", { "aria-hidden": "true" });
    line.style.cssText = `display:inline-block;width:1.6em;border-top:2px ${dash} currentColor`;
    return h("li", {}, line, words);
  });
  $("legend").replaceChildren(...items.map((it) => it.item), ...lines);
  picture.legend = () => {
    for (const { kind, canvas } of items) {
      const c = canvas.getContext("2d");
      c.clearRect(0, 0, 28, 28);
      c.beginPath();
      shape(c, kind, 14, kind === "Place" ? 16 : 14, 9);
      c.fillStyle = picture.color[kind];
      c.fill();
    }
  };
  picture.legend();
}

/* ---- what is known ---- */

const pairKey = (a, b) => [a.id, b.id].sort().join(" ");

const entityLink = (entity) => h("button", { type: "button", class: "link", onclick: () => open({ center: entity.id }) }, entity.label);

const thing = (value) => (typeof value === "string" ? h("span", {}, value) : entityLink(value));

function showPanel() {
  const panel = $("panel");
  const { shown } = state;
  const content = shown?.pair ? pairPanel(shown.pair)
    : shown?.statement ? statementPanel(shown.statement)
      : shown?.document ? documentPanel(shown.document)
        : state.center ? card(model.entities.get(state.center)) : welcome();
  panel.replaceChildren(...[content].flat().filter(Boolean));
  panel.scrollTop = 0;
}

function welcome() {
  const top = [...model.entities.values()].filter((e) => e.named)
    .sort((a, b) => model.degree(b) - model.degree(a) || (a.id < b.id ? -1 : 1)).slice(0, 25);
  return [
    h("h2", {}, "What the articles tell"),
    h("p", { class: "hint" }, `${model.total ?? model.statements.size} statements. Choose a thing in the picture or here, or search; a line of the picture shows the sentences behind it.`),
    h("h3", {}, "Most is said of"),
    h("ul", {}, top.map((e) => h("li", { class: "fact" }, entityLink(e), h("span", { class: "class" }, e.class), h("span", { class: "n" }, model.degree(e))))),
  ];
}

function card(entity) {
  if (!entity) return h("p", {}, "Nothing of that name is known.");
  const passed = entity.statements.filter((s) => filter.passes(s));
  const parts = [h("h2", {}, entity.label), h("p", { class: "class" }, entity.class)];
  const row = (name, values) => values?.length && h("p", { class: "from" }, `${name}: `, values.join(" · "));
  parts.push(row("Also called", entity.aliases), row("Described as", entity.descriptions));
  if (entity.members.length) parts.push(h("p", { class: "from" }, "Group of: ", entity.members.flatMap((m, i) => [i ? ", " : "", entityLink(m)])));
  if (entity.same?.length) {
    parts.push(h("p", { class: "from" }, "The same as: ", entity.same.filter((iri) => /^https?:\/\//.test(iri)).map((iri) => h("a", { href: iri, rel: "noopener noreferrer" }, iri))));
  }
  if (entity.close?.length) {
    parts.push(h("p", { class: "from" }, "May be the same as: ", entity.close.filter((iri) => /^https?:\/\//.test(iri)).map((iri) => h("a", { href: iri, rel: "noopener noreferrer" }, iri))));
  }
  parts.push(whoIsWho(entity));
  const hidden = entity.statements.length - passed.length;
  const n = passed.length;
  parts.push(h("h3", {}, `${n} ${n === 1 ? "statement" : "statements"}`, hidden ? h("span", { class: "n" }, ` · ${hidden} left out by filters`) : ""));
  parts.push(...timeline(passed), ...facts(entity, passed), ...articles(passed));
  return parts;
}

/** Why the names of an entity were joined, and what it was kept apart from. */
function whoIsWho(entity) {
  if (!entity.compared?.length) return null;
  const one = (it) => h("li", {}, it.other ? ["Not ", h("button", { type: "button", class: "link", onclick: () => open({ center: it.other[0] }) }, it.other[1]), ": "] : "",
    `“${it.names[0]}” ${it.other ? "and" : "is"} “${it.names[1]}” – ${[it.ground, ...(it.remarks || [])].join("; ")} `,
    h("span", { class: "n" }, `score ${it.score}${it.times > 1 ? `, ${it.times} times` : ""} · ${[...new Set(it.documents)].filter(Boolean).join(", ")}`));
  return h("details", { class: "from" }, h("summary", {}, `Who is who (${entity.compared.length})`), h("ul", {}, entity.compared.map(one)));
}

/** The article that another one repeats. */
const copied = (d) => d.copy_of && h("p", { class: "from" }, "A copy of ",
  h("button", { type: "button", class: "link", onclick: () => open({ document: d.copy_of[0] }) }, d.copy_of[1]), "; both count as one source");

/** Statements by relation and direction, each with the other side. */
function facts(entity, statements) {
  const groups = new Map();
  for (const s of statements) {
    const inward = s.subject !== entity && !members(s.subject).includes(entity);
    const key = `${s.predicate.id} ${inward && !s.predicate.symmetric}`;
    if (!groups.has(key)) groups.set(key, { predicate: s.predicate, inward: inward && !s.predicate.symmetric, others: new Map() });
    const other = inward ? s.subject : s.object;
    const name = typeof other === "string" ? `"${other}` : other.id;
    const others = groups.get(key).others;
    if (!others.has(name)) others.set(name, { other, statements: [] });
    others.get(name).statements.push(s);
  }
  const size = (group) => [...group.others.values()].reduce((sum, o) => sum + o.statements.length, 0);
  return [...groups.values()].sort((a, b) => size(b) - size(a) || (a.predicate.id < b.predicate.id ? -1 : 1)).map((group) => {
    const rows = [...group.others.values()].sort((a, b) => b.statements.length - a.statements.length || (label(a.other) < label(b.other) ? -1 : 1));
    const list = rows.map(({ other, statements: behind }) => {
      const sure = behind.some((s) => s.factuality === "asserted" && !s.negative);
      const negative = behind.every((s) => s.negative);
      const mark = negative ? "not" : sure ? "" : behind[0].factuality;
      return h("li", { class: "fact" },
        group.inward ? entityLink(other) : thing(other),
        mark && h("span", { class: "chip" + (negative ? " no" : "") }, mark),
        h("button", {
          type: "button", class: "link n",
          "aria-label": `${behind.length} ${behind.length === 1 ? "sentence" : "sentences"}: ${group.inward ? label(other) : label(entity)} ${group.predicate.label} ${group.inward ? label(entity) : label(other)}`,
          onclick: () => open(typeof other === "string" || behind.length === 1 ? { statement: behind[0].id } : { pair: pairKey(entity, other) }),
        }, `${behind.length} ${behind.length === 1 ? "sentence" : "sentences"}`));
    });
    const few = list.slice(0, 12);
    const rest = list.slice(12);
    return h("section", {}, h("h4", {}, group.inward ? `… ${group.predicate.label} ${short(entity.label)}` : group.predicate.label),
      h("ul", {}, few),
      rest.length ? h("details", {}, h("summary", {}, `${rest.length} more`), h("ul", {}, rest)) : null);
  });
}

function timeline(statements) {
  const dated = statements.filter((s) => s.first).sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.id < b.id ? -1 : 1));
  if (!dated.length) return [];
  const day = (text) => Date.parse(`${text}T00:00:00Z`) / 864e5;
  const low = day(dated[0].first);
  const high = Math.max(...dated.map((s) => day(s.first)));
  const parts = [h("h3", {}, "Timeline")];
  if (high > low) {
    const bins = new Array(Math.min(40, high - low + 1)).fill(0);
    for (const s of dated) bins[Math.min(bins.length - 1, Math.floor(((day(s.first) - low) / (high - low + 1)) * bins.length))]++;
    const most = Math.max(...bins);
    parts.push(h("div", { class: "bars", "aria-hidden": "true" }, bins.map((n) => {
      const bar = h("i", {});
      bar.style.height = n ? `${Math.max(6, (100 * n) / most)}%` : "0";
      return bar;
    })), h("div", { class: "ends hint", "aria-hidden": "true" }, h("span", {}, dated[0].first), h("span", {}, dated[dated.length - 1].first)));
  }
  const rows = dated.map((s) => h("li", { class: "dated" }, h("span", { class: "n" }, when(s)),
    h("button", { type: "button", class: "link", onclick: () => open({ statement: s.id }) }, sentenceOf(s))));
  parts.push(h("ul", {}, rows.slice(0, 8)));
  if (rows.length > 8) parts.push(h("details", {}, h("summary", {}, `${rows.length - 8} more`), h("ul", {}, rows.slice(8))));
  return parts;
}

/** A statement as one would say it. */
function sentenceOf(s) {
  const object = label(s.object);
  return `${label(s.subject)} – ${s.negative ? "not " : ""}${s.phrase || s.predicate.label}${object ? ` – ${object}` : ""}`;
}

function articles(statements) {
  const counts = new Map();
  for (const s of statements) counts.set(s.sentence.document, (counts.get(s.sentence.document) || 0) + 1);
  if (!counts.size) return [];
  const sorted = [...counts].sort((a, b) => ((a[0].date || "") < (b[0].date || "") ? -1 : (a[0].date || "") > (b[0].date || "") ? 1 : a[0].id < b[0].id ? -1 : 1));
  return [h("h3", {}, "Articles"), h("ul", {}, sorted.map(([d, n]) => h("li", { class: "fact" },
    h("button", { type: "button", class: "link", onclick: () => open({ document: d.id }) }, d.title || d.name),
    h("span", { class: "n" }, [d.date, n].filter(Boolean).join(" · ")))))];
}

const back = () => h("p", {}, h("button", { type: "button", onclick: () => open({ center: state.center }) },
  state.center ? `‹ ${short(model.entities.get(state.center)?.label || "back")}` : "‹ Overview"));

function pairPanel(key) {
  const [a, b] = key.split(" ").map((id) => model.entities.get(id));
  if (!a || !b) return [back(), h("p", {}, "Nothing is known of these two.")];
  const both = a.statements.filter((s) => s.entities.has(b));
  const passed = both.filter((s) => filter.passes(s));
  const hidden = both.length - passed.length;
  return [back(), h("h2", {}, entityLink(a), " and ", entityLink(b)),
    h("p", { class: "hint" }, `${passed.length} ${passed.length === 1 ? "statement" : "statements"}${hidden ? `, ${hidden} left out by filters` : ""}`),
    ...passed.slice(0, 200).map((s) => said(s))];
}

function statementPanel(id) {
  const s = model.statements.get(id);
  if (!s) return [back(), h("p", {}, "This statement is not known.")];
  const beside = [...model.statements.values()].filter((other) => other !== s && other.sentence === s.sentence);
  return [back(), h("h2", {}, "Statement"), said(s, true),
    beside.length ? h("h3", {}, "The same sentence also says") : null,
    h("ul", {}, beside.slice(0, 40).map((other) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => open({ statement: other.id }) }, sentenceOf(other)))))];
}

function source(d) {
  return h("p", { class: "from" }, [d.publisher, d.date].filter(Boolean).join(", "), d.publisher || d.date ? " – " : "",
    h("button", { type: "button", class: "link", onclick: () => open({ document: d.id }) }, d.title || d.name),
    d.url && /^https?:\/\//.test(d.url) ? [" · ", h("a", { href: d.url, rel: "noopener noreferrer" }, "original")] : "");
}

/** One statement with its sentence. */
function said(s, chosen) {
  const chips = [h("span", { class: "chip" + (s.factuality === "denied" ? " no" : "") }, s.factuality)];
  if (s.negative) chips.unshift(h("span", { class: "chip no" }, "negated"));
  if (when(s)) chips.push(h("span", { class: "chip" }, when(s)));
  if (s.place) chips.push(h("span", { class: "chip" }, "in ", entityLink(s.place)));
  for (const [role, value] of s.circumstances) chips.push(h("span", { class: "chip" }, `${role}: `, thing(value)));
  return h("article", { class: "said" + (chosen ? " chosen" : ""), "aria-label": sentenceOf(s) },
    h("p", { class: "told" }, thing(s.subject), ` – ${s.negative ? "not " : ""}${s.phrase || s.predicate.label} – `, thing(s.object)),
    h("p", { class: "chips" }, chips),
    s.sources.length ? h("p", { class: "from" }, "says ", s.sources.flatMap((who, i) => [i ? ", according to " : "", entityLink(who)])) : null,
    h("blockquote", {}, marked(s)),
    source(s.sentence.document),
    h("p", { class: "from" }, `${s.predicate.id} · rule ${s.rule} · confidence ${s.confidence} · `,
      h("button", { type: "button", class: "link", onclick: () => open({ statement: s.id }), "aria-label": "Link to this statement" }, `st:${s.id}`)));
}

/** The sentence with the words marked that the statement rests on. */
function marked(s) {
  const text = s.sentence.text;
  const spans = [];
  const free = (from, to) => spans.every(([a, b]) => to <= a || from >= b);
  const find = (words, kind, low, high) => {
    if (!words) return false;
    for (let at = text.indexOf(words, low); at >= 0 && at < high; at = text.indexOf(words, at + 1)) {
      if (free(at, at + words.length)) {
        spans.push([at, at + words.length, kind]);
        return true;
      }
    }
    return false;
  };
  // Offsets count code points of the article; strings count UTF-16.
  const points = [...text];
  const utf16 = (n) => points.slice(0, Math.max(0, n)).join("").length;
  const low = utf16(s.from - s.sentence.start);
  const high = utf16(s.to - s.sentence.start);
  find(s.trigger, "", low, high) || find(s.trigger, "", 0, text.length);
  const side = (entity, words, kind) => {
    if (typeof entity === "string") return find(entity, kind, low, high) || find(entity, kind, 0, text.length);
    const names = [words, entity.label, ...(entity.aliases || [])].filter(Boolean).sort((x, y) => (x === words ? -1 : y === words ? 1 : y.length - x.length));
    return names.some((name) => find(name, kind, low, high)) || names.some((name) => find(name, kind, 0, text.length));
  };
  side(s.subject, s.words?.[0], "who");
  side(s.object, s.words?.[1], "whom");
  spans.sort((x, y) => x[0] - y[0]);
  const out = [];
  let at = 0;
  for (const [from, to, kind] of spans) {
    out.push(text.slice(at, from), h("mark", { class: kind || null }, text.slice(from, to)));
    at = to;
  }
  out.push(text.slice(at));
  return out;
}

function documentPanel(id) {
  const d = model.documents.get(id);
  if (!d) return [back(), h("p", {}, "This article is not known.")];
  const sentences = [...d.sentences].sort((a, b) => a.start - b.start);
  const parts = [];
  let end = 0;
  for (const sentence of sentences) {
    if (sentence.start > end + 3) parts.push(h("p", { class: "gap" }, "…"));
    end = sentence.start + [...sentence.text].length;
    const told = [...model.statements.values()].filter((s) => s.sentence === sentence);
    parts.push(h("p", {}, sentence.text), h("ul", {}, told.map((s) => h("li", {}, "→ ",
      h("button", { type: "button", class: "link", onclick: () => open({ statement: s.id }) }, sentenceOf(s))))));
  }
  return [back(), h("h2", {}, d.title || d.name), h("p", { class: "from" }, [d.publisher, d.date, d.name].filter(Boolean).join(" · ")),
    d.url && /^https?:\/\//.test(d.url) ? h("p", {}, h("a", { href: d.url, rel: "noopener noreferrer" }, d.url)) : null,
    copied(d),
    h("p", { class: "hint" }, "The sentences that something was read from"), h("div", { class: "text" }, parts)];
}

/* ---- address ---- */

/** Goes somewhere: to an entity, a pair, a statement, an article. */
async function open(place, silent) {
  try {
    if ("center" in place) {
      state.shown = null;
      if (place.center) await load(place.center);
      const moved = state.center !== place.center;
      state.center = place.center;
      if (moved) draw();
    } else {
      state.shown = place;
      if (place.pair) await Promise.all(place.pair.split(" ").map(load));
      if (place.statement && !model.statements.has(place.statement)) await loadOther("statement", place.statement);
      if (place.document) await loadOther("document", place.document);
    }
  } catch (error) {
    say(String(error.message));
  }
  if (served) showFilters();
  if (state.shown?.pair) draw();
  picture.chosen = state.shown?.pair ? picture.links.find((l) => pairKey(l.a, l.b) === state.shown.pair) || null : null;
  picture.draw();
  showPage("graph");
  showPanel();
  if (!silent) remember(true);
  const heading = $("panel").querySelector("h2");
  document.title = heading ? `${heading.textContent} – newsgraph` : "newsgraph";
  say(heading ? heading.textContent : "");
}

function remember(step) {
  const parts = new URLSearchParams();
  const set = (key, value) => { if (value) parts.set(key, value); };
  set("e", state.center);
  set("pair", state.shown?.pair);
  set("st", state.shown?.statement);
  set("d", state.shown?.document);
  if (state.depth !== "1") set("depth", state.depth);
  if (state.limit !== 150) set("n", state.limit);
  set("from", filter.from);
  set("to", filter.to);
  set("voice", filter.voice);
  for (const [key, values] of Object.entries(filter.without)) for (const value of [...values].sort()) parts.append(`no-${key}`, value);
  const hash = `#${parts}`;
  if (hash === (location.hash || "#")) return;
  history[step ? "pushState" : "replaceState"](null, "", hash);
}

async function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (parts.has("sparql") && served) {
    $("query").value = parts.get("sparql") || $("query").value;
    return showPage("sparql");
  }
  state.depth = ["1", "2", "all"].includes(parts.get("depth")) ? parts.get("depth") : "1";
  const limit = Number(parts.get("n"));
  state.limit = [50, 150, 500, 2000, 20000].includes(limit) ? limit : 150;
  const date = (key) => (/^\d{4}-\d\d-\d\d$/.test(parts.get(key) || "") ? parts.get(key) : "");
  filter.from = date("from");
  filter.to = date("to");
  filter.voice = parts.get("voice") || "";
  for (const key of Object.keys(filter.without)) filter.without[key] = new Set(parts.getAll(`no-${key}`));
  state.center = parts.get("e") || null;
  try {
    if (state.center) await load(state.center);
    if (parts.get("pair")) await Promise.all(parts.get("pair").split(" ").map(load));
  } catch (error) { say(String(error.message)); }
  showFilters();
  draw();
  const shown = parts.get("st") ? { statement: parts.get("st") } : parts.get("d") ? { document: parts.get("d") } : parts.get("pair") ? { pair: parts.get("pair") } : null;
  return open(shown || { center: state.center }, true);
}

/* ---- pages ---- */

function showPage(name) {
  for (const page of ["graph", "sparql", "help"]) {
    $(`${page}-page`).hidden = page !== name;
    const tab = $(`tab-${page}`);
    if (page === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

function setupHelp() {
  const key = (keys, words) => h("tr", {}, h("td", {}, keys.split(" ").map((k) => [h("kbd", {}, k), " "])), h("td", {}, words));
  $("help-page").append(h("h2", {}, "Help"),
    h("p", {}, "Each line of the picture stands for what the articles say of two things. Choose it to read the sentences: the word that tells the relation is marked, and so are the two sides. Solid lines are asserted in an article's own voice, dashed ones claimed by somebody, planned or possible, dotted ones denied or negated."),
    h("p", {}, "Relations with a star are in the words of the text; the others belong to the vocabulary."),
    h("p", {}, "The address of this page leads back to what it shows, filters included. Nothing is sent anywhere."),
    h("h3", {}, "Keys"),
    h("table", {}, h("tbody", {}, key("/", "search"), key("← ↑ → ↓", "move the picture (when it has the focus)"), key("+ − 0", "zoom in, out, show all"),
      key("N P", "next and previous neighbor"), key("Enter", "open the neighbor that is marked"), key("Esc", "leave the search, unmark"))));
}

function setupPages() {
  $("tab-graph").addEventListener("click", () => showPage("graph"));
  $("tab-help").addEventListener("click", () => showPage("help"));
  $("skip").addEventListener("click", (event) => { event.preventDefault(); $("panel").focus(); });
  const theme = $("theme");
  const paint = () => {
    if (theme.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    picture.colors();
    picture.legend();
  };
  // A page from a file may have no storage.
  try { theme.value = localStorage.getItem("newsgraph-theme") || "auto"; } catch { /* stays auto */ }
  theme.addEventListener("change", () => {
    try { localStorage.setItem("newsgraph-theme", theme.value); } catch { /* for this visit only */ }
    paint();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
  setupHelp();
  if (served) setupSparql();
}

/* ---- SPARQL ---- */

function setupSparql() {
  $("tab-sparql").hidden = false;
  $("tab-sparql").addEventListener("click", () => showPage("sparql"));
  $("questions").append(...given.map((q) => h("option", { value: q.name }, q.title)));
  $("questions").addEventListener("change", (event) => {
    const question = given.find((q) => q.name === event.target.value);
    if (question) $("query").value = question.text;
  });
  $("query").value ||= "SELECT ?subject ?relation ?object ?sentence {\n  ?statement a ng:Statement ;\n    rdf:subject/rdfs:label ?subject ;\n    ng:phrase ?relation ;\n    rdf:object/rdfs:label ?object ;\n    prov:wasDerivedFrom/nif:sentence/nif:anchorOf ?sentence .\n} LIMIT 50\n";
  const ask = (accept) => fetch("/sparql", {
    method: "POST", body: $("query").value,
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
  });
  const run = async () => {
    $("answered").textContent = "…";
    const start = performance.now();
    const ticket = ++asked;
    try {
      const response = await ask("application/sparql-results+json, text/turtle;q=0.9, text/plain;q=0.1");
      const body = await response.text();
      if (ticket !== asked) return;
      const took = `${Math.round(performance.now() - start)} ms`;
      history.replaceState(null, "", `#${new URLSearchParams({ sparql: $("query").value })}`);
      if (!response.ok) {
        $("answered").textContent = "";
        return $("answer").replaceChildren(h("p", { class: "error", role: "alert" }, body.trim()));
      }
      const cut = response.headers.get("Newsgraph-Complete") === "false" ? ", cut short by a limit" : "";
      if ((response.headers.get("Content-Type") || "").includes("turtle")) {
        $("answered").textContent = took + cut;
        return $("answer").replaceChildren(h("pre", {}, body));
      }
      showRows(JSON.parse(body), took, cut);
    } catch (error) {
      $("answered").textContent = "";
      $("answer").replaceChildren(h("p", { class: "error", role: "alert" }, String(error.message)));
    }
  };
  $("run").addEventListener("click", run);
  $("query").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  $("download").addEventListener("click", async () => {
    const response = await ask("text/csv, text/turtle;q=0.9");
    if (!response.ok) return run();
    const link = h("a", { download: "answer.csv" });
    link.href = URL.createObjectURL(await response.blob());
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

const ENTITY = "https://w3id.org/newsgraph/entity/";
const STATEMENT = "https://w3id.org/newsgraph/statement/";

function cell(term) {
  if (!term) return "";
  if (term.type === "uri" && term.value.startsWith(ENTITY)) {
    const id = term.value.slice(ENTITY.length);
    return h("button", { type: "button", class: "link", onclick: () => open({ center: id }) }, `e:${id}`);
  }
  if (term.type === "uri" && term.value.startsWith(STATEMENT)) return `st:${term.value.slice(STATEMENT.length)}`;
  if (term.type === "uri" && /^https?:\/\//.test(term.value)) return h("a", { href: term.value, rel: "noopener noreferrer" }, term.value);
  return term.value;
}

function showRows(results, took, cut) {
  if ("boolean" in results) {
    $("answered").textContent = took;
    return $("answer").replaceChildren(h("p", {}, h("strong", {}, results.boolean ? "Yes" : "No")));
  }
  const { vars } = results.head;
  const rows = results.results.bindings;
  const most = 1000;
  $("answered").textContent = `${rows.length} ${rows.length === 1 ? "row" : "rows"} in ${took}${cut}${rows.length > most ? `, the first ${most} shown` : ""}`;
  return $("answer").replaceChildren(h("table", {},
    h("thead", {}, h("tr", {}, vars.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.slice(0, most).map((row) => h("tr", {}, vars.map((name) => h("td", {}, cell(row[name]))))))));
}

/* ---- start ---- */

async function overview() {
  model.add(await fetchData(`/api/overview?n=${state.limit}`));
}

async function start() {
  setupPicture();
  setupPages();
  setupSearch();
  setupFilters();
  window.addEventListener("popstate", recall);
  if (served) {
    try { await overview(); } catch (error) { say(String(error.message)); }
  } else model.add(given);
  await recall();
  document.documentElement.dataset.ready = "yes";
}

start();
