// The picture: nodes and links on a canvas that can be dragged and zoomed.

class Picture {
  constructor(canvas, events) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.events = events;
    this.nodes = [];
    this.links = [];
    this.scale = 1;
    this.left = 0;
    this.top = 0;
    this.hovered = null;
    this.chosen = null;
    this.marked = null;
    this.frames = 0;
    this.places = new Map();
    // The picture without what is lit, as it was painted last, and where it lay then.
    this.base = { canvas: document.createElement("canvas"), cost: 0, at: 0, stale: true };
    this.colors();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
    this.listen();
  }

  colors() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    this.color = {};
    for (const name of ["back", "ink", "soft", "edge", "edge-soft", "edge-on", "bad", "accent"]) this.color[name] = color(name);
    for (const kind of KINDS) this.color[kind] = color(kind ? kind.toLowerCase() : "other");
    this.repaint();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    this.width = box.width;
    this.height = box.height;
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    this.ratio = ratio;
    this.base.canvas.width = this.canvas.width;
    this.base.canvas.height = this.canvas.height;
    this.repaint();
  }

  /** Shows other nodes and links. Those that were there keep their places. */
  show(view, center) {
    for (const node of this.nodes) this.places.set(node.entity, [this.layout.x[node.at], this.layout.y[node.at]]);
    const index = new Map(view.entities.map((entity, at) => [entity, at]));
    const kept = view.entities.map((entity) => this.places.get(entity) || entity.place || null);
    const anchored = kept.filter(Boolean).length;
    this.links = view.links.map((link) => ({ ...link, from: index.get(link.a), to: index.get(link.b) }));
    // A new node begins beside a neighbor that has its place.
    if (anchored) {
      for (const link of this.links) {
        for (const [here, there] of [[link.from, link.to], [link.to, link.from]]) {
          if (!kept[here] && kept[there]) {
            const turn = here * 2.399963;
            kept[here] = [kept[there][0] + 50 * Math.cos(turn), kept[there][1] + 50 * Math.sin(turn)];
          }
        }
      }
    }
    this.layout = new Layout(view.entities.length, this.links.map((l) => [l.from, l.to, l.statements.length]), kept);
    this.nodes = view.entities.map((entity, at) => {
      const degree = this.layout.degree[at] - 1;
      return { entity, at, radius: 4 + 2.2 * Math.sqrt(degree), label: short(entity.label) };
    });
    this.byLabel = [...this.nodes].sort((a, b) => b.radius - a.radius || a.at - b.at);
    this.near = this.nodes.map(() => []);
    for (const link of this.links) {
      this.near[link.from].push(link.to);
      this.near[link.to].push(link.from);
    }
    this.center = center ? index.get(center) : undefined;
    this.hovered = this.marked = this.over = null;
    this.chosen = null;
    // Most of the way is gone before the first picture: it does not jump about.
    this.layout.advance(250);
    this.fit();
    this.follow = true;
    this.run();
  }

  /** Moves and draws until everything has its place. */
  run() {
    if (this.running) return;
    this.running = true;
    const tick = () => {
      if (!this.layout || this.layout.done) {
        this.running = false;
        if (this.follow) this.fit();
        return;
      }
      this.layout.advance(this.nodes.length > 2000 ? 20 : 10);
      if (this.follow) this.fit(true);
      this.move();
      this.base.stale = true;
      this.paint();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Draws all anew. */
  repaint() {
    this.base.stale = true;
    this.draw();
  }

  draw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.paint();
    });
  }

  fit(quiet) {
    const { layout } = this;
    if (!layout || layout.n === 0) return this.repaint();
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < layout.n; i++) {
      x0 = Math.min(x0, layout.x[i]);
      x1 = Math.max(x1, layout.x[i]);
      y0 = Math.min(y0, layout.y[i]);
      y1 = Math.max(y1, layout.y[i]);
    }
    // The legend is below, names stand out at the sides.
    const [side, above, below] = [70, 40, 76];
    const scale = Math.min((this.width - 2 * side) / (x1 - x0 || 1), (this.height - above - below) / (y1 - y0 || 1));
    this.scale = Math.max(0.02, Math.min(scale, 2.2));
    this.left = this.width / 2 - ((x0 + x1) / 2) * this.scale;
    this.top = (this.height + above - below) / 2 - ((y0 + y1) / 2) * this.scale;
    if (!quiet) this.repaint();
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const scale = Math.max(0.02, Math.min(this.scale * factor, 12));
    const real = scale / this.scale;
    this.left = x - (x - this.left) * real;
    this.top = y - (y - this.top) * real;
    this.scale = scale;
    this.follow = false;
    this.move();
    this.draw();
  }

  pan(dx, dy) {
    this.left += dx;
    this.top += dy;
    this.follow = false;
    this.move();
    this.draw();
  }

  sx(at) {
    return this.layout.x[at] * this.scale + this.left;
  }

  sy(at) {
    return this.layout.y[at] * this.scale + this.top;
  }

  /** Nodes grow slower than distances. */
  size(node) {
    return node.radius * Math.max(this.nodes.length > 1000 ? 0.3 : 0.55, Math.min(Math.sqrt(this.scale), 2.2));
  }

  paint() {
    const { context: c, color, base } = this;
    this.frames++;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.layout) return;
    const [dx, dy, zoom] = [this.left - base.left * (this.scale / base.scale), this.top - base.top * (this.scale / base.scale), this.scale / base.scale];
    const away = zoom !== 1 || dx !== 0 || dy !== 0;
    // While a large picture moves, its last painting moves along; most of the time is free for the hand.
    const rest = this.moving && !base.stale && performance.now() - base.at < 5 * base.cost;
    if (base.stale || (away && !rest)) this.paintBase();
    const focus = this.hovered || this.marked;
    const links = new Set([this.chosen, this.over].filter(Boolean));
    if (focus) for (const link of this.links) if (link.from === focus.at || link.to === focus.at) links.add(link);
    const lit = new Set(focus ? [focus.at, ...this.near[focus.at]] : []);
    for (const link of links) lit.add(link.from).add(link.to);
    c.globalAlpha = focus ? 0.3 : 1;
    if (away && rest) c.setTransform(zoom, 0, 0, zoom, dx * this.ratio, dy * this.ratio);
    c.drawImage(base.canvas, 0, 0);
    c.globalAlpha = 1;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (lit.size) {
      const nodes = this.byLabel.filter((node) => lit.has(node.at));
      this.paintLinks(c, [...links], true);
      this.paintNodes(c, nodes);
      this.paintLabels(c, nodes);
    }
    if (this.marked) this.ring(this.marked, color.accent, 4);
    if (this.center !== undefined) this.ring(this.nodes[this.center], color.ink, 2);
  }

  /** Paints all that is not lit. */
  paintBase() {
    const { base } = this;
    const start = performance.now();
    const c = base.canvas.getContext("2d");
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    this.paintLinks(c, this.moving ? this.links.slice(0, 2000) : this.links, false);
    this.paintNodes(c, this.nodes);
    this.paintLabels(c, this.moving ? this.byLabel.slice(0, 200) : this.byLabel);
    base.cost = performance.now() - start;
    Object.assign(base, { left: this.left, top: this.top, scale: this.scale, at: performance.now(), stale: false });
  }

  /** A large picture moves: what is painted meanwhile need not be complete. */
  move() {
    if (this.links.length <= 2000) return;
    if (!this.moving) this.base.at = performance.now();
    this.moving = true;
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      this.moving = false;
      this.repaint();
    }, 160);
  }

  paintLinks(c, links, lit) {
    const { color } = this;
    const groups = { sure: [], unsure: [], negated: [] };
    for (const link of links) {
      if (link.negated && !lit) groups.negated.push(link);
      else groups[link.sure ? "sure" : "unsure"].push(link);
    }
    const many = links.length > 2000;
    const arrows = lit || (links.length < 3000 && this.scale > 0.3);
    const stroke = (links, paint, dash) => {
      // Lines of one width together: one call draws thousands.
      const widths = new Map();
      for (const link of links) {
        const width = Math.min(1 + Math.floor(Math.log2(link.statements.length)), 5);
        if (!widths.has(width)) widths.set(width, []);
        widths.get(width).push(link);
      }
      c.strokeStyle = c.fillStyle = paint;
      // Nobody sees the dashes of thousands of lines, and they take long.
      c.setLineDash(many ? [] : dash);
      for (const [width, same] of widths) {
        c.lineWidth = (lit ? 1 : 0) + width * Math.min(1, 0.5 + this.scale / 2);
        c.beginPath();
        for (const link of same) {
          const [x0, y0, x1, y1] = [this.sx(link.from), this.sy(link.from), this.sx(link.to), this.sy(link.to)];
          if (Math.max(x0, x1) < 0 || Math.min(x0, x1) > this.width || Math.max(y0, y1) < 0 || Math.min(y0, y1) > this.height) continue;
          if (many && Math.abs(x1 - x0) + Math.abs(y1 - y0) < 2) continue;
          c.moveTo(x0, y0);
          c.lineTo(x1, y1);
        }
        c.stroke();
      }
      c.setLineDash([]);
      if (arrows) {
        c.beginPath();
        for (const link of links) {
          if (link.forth) this.arrow(c, link.from, link.to);
          if (link.back) this.arrow(c, link.to, link.from);
        }
        c.fill();
      }
    };
    stroke(groups.sure, lit ? color["edge-on"] : color.edge, []);
    stroke(groups.unsure, lit ? color["edge-on"] : many ? color["edge-soft"] : color.edge, [5, 4]);
    stroke(groups.negated, color.bad, [2, 4]);
  }

  arrow(c, from, to) {
    const [x0, y0, x1, y1] = [this.sx(from), this.sy(from), this.sx(to), this.sy(to)];
    const distance = Math.hypot(x1 - x0, y1 - y0);
    const gap = this.size(this.nodes[to]) + 1;
    if (distance < gap + 10) return;
    const [ux, uy] = [(x1 - x0) / distance, (y1 - y0) / distance];
    const [tx, ty] = [x1 - ux * gap, y1 - uy * gap];
    c.moveTo(tx, ty);
    c.lineTo(tx - ux * 7 - uy * 3, ty - uy * 7 + ux * 3);
    c.lineTo(tx - ux * 7 + uy * 3, ty - uy * 7 - ux * 3);
    c.closePath();
  }

  paintNodes(c, nodes) {
    const { color } = this;
    for (const kind of KINDS) {
      // Small ones are dots without an outline.
      const [dots, shapes] = [new Path2D(), new Path2D()];
      for (const node of nodes) {
        if (node.entity.kind !== kind) continue;
        const [x, y, r] = [this.sx(node.at), this.sy(node.at), this.size(node)];
        if (x < -r || y < -r || x > this.width + r || y > this.height + r) continue;
        if (r < 2.5) dots.rect(x - 0.7 * r, y - 0.7 * r, 1.4 * r, 1.4 * r);
        else shape(shapes, kind, x, y, r);
      }
      c.fillStyle = color[kind];
      c.fill(dots);
      c.fill(shapes);
      c.strokeStyle = color.back;
      c.lineWidth = 1;
      c.stroke(shapes);
    }
  }

  paintLabels(c, nodes) {
    const { color } = this;
    const taken = new Set();
    const most = 140;
    let written = 0;
    c.textAlign = "center";
    c.textBaseline = "top";
    c.lineJoin = "round";
    for (const node of nodes) {
      if (written >= most) break;
      const [x, y, r] = [this.sx(node.at), this.sy(node.at), this.size(node)];
      if (x < -50 || y < -20 || x > this.width + 50 || y > this.height + 20) continue;
      const size = Math.round(Math.max(11, Math.min(10 + r / 3, 17)));
      // Words keep a grid cell free for themselves.
      const width = node.label.length * size * 0.52;
      const cells = [];
      for (let cx = Math.floor((x - width / 2) / 24); cx <= Math.floor((x + width / 2) / 24); cx++) {
        for (let cy = Math.floor((y + r) / 12); cy <= Math.floor((y + r + size) / 12); cy++) cells.push(cx * 4096 + cy);
      }
      if (cells.some((cell) => taken.has(cell)) && node !== this.hovered && node !== this.marked) continue;
      for (const cell of cells) taken.add(cell);
      c.font = `${node.at === this.center || node === this.marked ? "600 " : ""}${size}px system-ui, sans-serif`;
      c.strokeStyle = color.back;
      c.lineWidth = 3;
      c.strokeText(node.label, x, y + r + 1);
      c.fillStyle = color.ink;
      c.fillText(node.label, x, y + r + 1);
      written++;
    }
  }

  ring(node, paint, gap) {
    const { context: c } = this;
    c.beginPath();
    c.arc(this.sx(node.at), this.sy(node.at), this.size(node) + gap, 0, 7);
    c.strokeStyle = paint;
    c.lineWidth = 2;
    c.stroke();
  }

  nodeAt(x, y) {
    let best = null;
    let least = Infinity;
    for (const node of this.nodes) {
      const distance = Math.hypot(this.sx(node.at) - x, this.sy(node.at) - y) - this.size(node);
      if (distance < 4 && distance < least) {
        best = node;
        least = distance;
      }
    }
    return best;
  }

  linkAt(x, y) {
    let best = null;
    let least = 6;
    for (const link of this.links) {
      const [x0, y0, x1, y1] = [this.sx(link.from), this.sy(link.from), this.sx(link.to), this.sy(link.to)];
      if (x < Math.min(x0, x1) - 6 || x > Math.max(x0, x1) + 6 || y < Math.min(y0, y1) - 6 || y > Math.max(y0, y1) + 6) continue;
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
      const distance = Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
      if (distance < least) {
        best = link;
        least = distance;
      }
    }
    return best;
  }

  listen() {
    const { canvas } = this;
    const pointers = new Map();
    let held = null;
    let moved = 0;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      const [x, y] = place(event);
      pointers.set(event.pointerId, [x, y]);
      canvas.setPointerCapture(event.pointerId);
      moved = 0;
      held = pointers.size === 1 && this.layout ? this.nodeAt(x, y) : null;
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) return this.hover(x, y);
      const [dx, dy] = [x - before[0], y - before[1]];
      moved += Math.abs(dx) + Math.abs(dy);
      if (pointers.size === 2) {
        const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
        const is = Math.hypot(x - other[0], y - other[1]);
        if (was > 0) this.zoom(is / was, (x + other[0]) / 2, (y + other[1]) / 2);
      } else if (held) {
        if (moved > 3) {
          this.layout.fixed = held.at;
          this.layout.x[held.at] = (x - this.left) / this.scale;
          this.layout.y[held.at] = (y - this.top) / this.scale;
          this.follow = false;
          // The neighbors come along, unless that takes too long.
          if (this.links.length <= 4000) {
            this.layout.warm(0.25);
            this.run();
          } else {
            this.move();
            this.repaint();
          }
        }
      } else this.pan(dx, dy);
      pointers.set(event.pointerId, [x, y]);
    });
    const release = (event) => {
      const at = pointers.get(event.pointerId);
      pointers.delete(event.pointerId);
      if (this.layout) this.layout.fixed = -1;
      if (event.type === "pointercancel" || !at || moved > 4 || !this.layout) {
        held = null;
        return;
      }
      const [x, y] = place(event);
      if (held) this.events.node(held.entity);
      else {
        const link = this.linkAt(x, y);
        if (link) this.events.link(link);
      }
      held = null;
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => this.hover(-99, -99));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const [x, y] = place(event);
      this.zoom(Math.pow(1.0018, -Math.max(-120, Math.min(120, event.deltaY))), x, y);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = 60;
      const keys = {
        ArrowLeft: () => this.pan(step, 0), ArrowRight: () => this.pan(-step, 0),
        ArrowUp: () => this.pan(0, step), ArrowDown: () => this.pan(0, -step),
        "+": () => this.zoom(1.25), "=": () => this.zoom(1.25), "-": () => this.zoom(0.8),
        0: () => this.fit(), n: () => this.next(1), p: () => this.next(-1),
        Enter: () => this.marked && this.events.node(this.marked.entity),
        Escape: () => { this.marked = null; this.draw(); },
      };
      const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!key) return;
      event.preventDefault();
      key();
    });
  }

  /** Marks the next neighbor of the chosen one, or the next of all. */
  next(step) {
    if (!this.nodes.length) return;
    const around = this.center !== undefined && this.near[this.center].length
      ? [...new Set(this.near[this.center])] : this.nodes.map((node) => node.at);
    const at = this.marked ? around.indexOf(this.marked.at) : step > 0 ? -1 : 0;
    this.marked = this.nodes[around[(at + step + around.length) % around.length]];
    const link = this.links.find((l) => [l.from, l.to].includes(this.center) && [l.from, l.to].includes(this.marked.at));
    this.events.marked(this.marked.entity, link);
    this.draw();
  }

  hover(x, y) {
    if (!this.layout) return;
    const node = this.nodeAt(x, y);
    const link = node ? null : this.linkAt(x, y);
    if (node === this.hovered && link === this.over) return;
    this.hovered = node;
    this.over = link;
    this.canvas.style.cursor = node || link ? "pointer" : "grab";
    this.canvas.title = node ? node.entity.label : link ? linkTitle(link) : "";
    this.draw();
  }
}

/** What a link tells, in one line. */
function linkTitle(link) {
  const counts = new Map();
  for (const s of link.statements) {
    const words = `${label(s.subject)} – ${s.negative ? "not " : ""}${s.predicate.label} – ${label(s.object)}`;
    counts.set(words, (counts.get(words) || 0) + 1);
  }
  const lines = [...counts].slice(0, 6).map(([words, n]) => (n > 1 ? `${words} (${n})` : words));
  if (counts.size > 6) lines.push("…");
  return lines.join("\n");
}

const short = (text) => ([...text].length > 28 ? `${[...text].slice(0, 27).join("")}…` : text);

/** A shape for each kind: colors alone do not tell. */
function shape(c, kind, x, y, r) {
  const polygon = (corners, turn, grow) => {
    for (let i = 0; i < corners; i++) {
      const angle = turn + (i * 2 * Math.PI) / corners;
      const [px, py] = [x + r * grow * Math.cos(angle), y + r * grow * Math.sin(angle)];
      if (i) c.lineTo(px, py);
      else c.moveTo(px, py);
    }
    c.closePath();
  };
  if (kind === "Organization") polygon(4, Math.PI / 4, 1.2);
  else if (kind === "Place") polygon(3, -Math.PI / 2, 1.35);
  else if (kind === "Event") polygon(4, 0, 1.3);
  else if (kind === "Product") polygon(6, 0, 1.12);
  else {
    const radius = kind === "Person" ? r : r * 0.8;
    c.moveTo(x + radius, y);
    c.arc(x, y, radius, 0, 7);
  }
}
