// Where things stand in the picture: those that are linked attract each other, all others repel each
// other (Barnes and Hut 1986 for the sum of the repulsions). No chance in it: the same graph gives the
// same picture.

class Layout {
  /** `links` are pairs of indices with a weight; `places` are known positions or null. */
  constructor(n, links, places) {
    this.n = n;
    this.links = links;
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    this.vx = new Float64Array(n);
    this.vy = new Float64Array(n);
    this.degree = new Float64Array(n).fill(1);
    this.fixed = -1;
    for (const [a, b] of links) {
      this.degree[a]++;
      this.degree[b]++;
    }
    let known = 0;
    for (let i = 0; i < n; i++) {
      if (places[i]) {
        [this.x[i], this.y[i]] = places[i];
        known++;
      } else {
        // A sunflower: the most important in the middle, no two on one spot.
        const radius = 26 * Math.sqrt(i + 0.5);
        this.x[i] = radius * Math.cos(i * 2.399963);
        this.y[i] = radius * Math.sin(i * 2.399963);
      }
    }
    // A large picture that somebody laid out is left as it is.
    this.heat = known > n / 2 ? (known === n && n > 1500 ? 0 : 0.35) : 1;
    this.repelled = 0;
    // Large pictures cool faster: each step costs more.
    this.cooling = n > 2000 ? 0.975 : 0.985;
    this.tree = { child: new Int32Array(0), mass: null, cx: null, cy: null };
  }

  get done() {
    return this.heat < 0.02;
  }

  warm(heat) {
    this.heat = Math.max(this.heat, heat);
  }

  /** Goes on for so many milliseconds, or until all have their place. A round of a large picture takes
   * longer: it is gone on with the next time. */
  advance(milliseconds) {
    const end = performance.now() + milliseconds;
    while (!this.done && this.n > 0) {
      if (this.repelled === 0) {
        this.attract();
        this.build();
      }
      const stop = Math.min(this.n, this.repelled + 250);
      while (this.repelled < stop) this.repel(this.repelled++);
      if (this.repelled === this.n) {
        this.move();
        this.repelled = 0;
      }
      if (performance.now() > end) return;
    }
  }

  attract() {
    const { x, y, vx, vy, links, degree, heat } = this;
    for (const [a, b, weight] of links) {
      const dx = x[b] - x[a] || 0.01;
      const dy = y[b] - y[a] || 0.01;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const strength = (0.7 + 0.1 * Math.min(weight, 5)) / Math.min(degree[a], degree[b]);
      const pull = ((distance - 70) / distance) * strength * heat;
      const share = degree[a] / (degree[a] + degree[b]);
      vx[b] -= dx * pull * share;
      vy[b] -= dy * pull * share;
      vx[a] += dx * pull * (1 - share);
      vy[a] += dy * pull * (1 - share);
    }
  }

  move() {
    const { n, x, y, vx, vy, heat } = this;
    for (let i = 0; i < n; i++) {
      vx[i] -= x[i] * 0.035 * heat;
      vy[i] -= y[i] * 0.035 * heat;
      vx[i] *= 0.6;
      vy[i] *= 0.6;
      if (i === this.fixed) {
        vx[i] = vy[i] = 0;
        continue;
      }
      const speed = Math.hypot(vx[i], vy[i]);
      const slow = speed > 60 ? 60 / speed : 1;
      x[i] += vx[i] * slow;
      y[i] += vy[i] * slow;
    }
    this.heat *= this.cooling;
  }

  /** A tree of quarters in flat arrays: children of cell c at 4c..4c+3; below zero is a node. */
  build() {
    const { n, x, y } = this;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < n; i++) {
      low = Math.min(low, x[i], y[i]);
      high = Math.max(high, x[i], y[i]);
    }
    const room = 4 * n + 64;
    if (this.tree.child.length < 4 * room) {
      this.tree = {
        child: new Int32Array(4 * room),
        mass: new Float64Array(room),
        cx: new Float64Array(room),
        cy: new Float64Array(room),
        next: new Int32Array(n),
      };
    }
    const { child, mass, cx, cy, next } = this.tree;
    this.low = low;
    this.size = high - low + 1;
    let cells = 1;
    child.fill(0, 0, 4);
    mass[0] = 0;
    cx[0] = cy[0] = 0;
    next.fill(-1);
    for (let i = 0; i < n; i++) {
      let cell = 0;
      let left = low;
      let top = low;
      let size = this.size;
      for (let depth = 0; ; depth++) {
        mass[cell]++;
        cx[cell] += x[i];
        cy[cell] += y[i];
        size /= 2;
        const right = x[i] >= left + size ? 1 : 0;
        const down = y[i] >= top + size ? 1 : 0;
        left += right * size;
        top += down * size;
        const slot = 4 * cell + right + 2 * down;
        const there = child[slot];
        if (there === 0) {
          child[slot] = -(i + 1);
          break;
        }
        if (there > 0) {
          cell = there;
          continue;
        }
        const other = -there - 1;
        // On one spot, or no room for finer cells: a list.
        if (depth > 24 || cells >= room - 1) {
          next[i] = next[other];
          next[other] = i;
          break;
        }
        const fresh = cells++;
        child.fill(0, 4 * fresh, 4 * fresh + 4);
        mass[fresh] = 1;
        cx[fresh] = x[other];
        cy[fresh] = y[other];
        const half = size / 2;
        const at = (x[other] >= left + half ? 1 : 0) + (y[other] >= top + half ? 2 : 0);
        child[4 * fresh + at] = there;
        child[slot] = fresh;
        cell = fresh;
      }
    }
  }

  repel(i) {
    const { x, y, vx, vy, heat, degree } = this;
    const { child, mass, cx, cy, next } = this.tree;
    const charge = 900 * heat;
    const xi = x[i];
    const yi = y[i];
    let fx = 0;
    let fy = 0;
    const stack = this.stack || (this.stack = []);
    stack.length = 0;
    stack.push(0, this.size);
    while (stack.length) {
      const size = stack.pop();
      const cell = stack.pop();
      const dx = xi - cx[cell] / mass[cell];
      const dy = yi - cy[cell] / mass[cell];
      const square = dx * dx + dy * dy;
      if (size * size < 0.8 * square) {
        const push = (charge * mass[cell]) / square;
        fx += dx * push;
        fy += dy * push;
        continue;
      }
      for (let quarter = 0; quarter < 4; quarter++) {
        const there = child[4 * cell + quarter];
        if (there > 0) {
          stack.push(there, size / 2);
          continue;
        }
        for (let j = -there - 1; j >= 0; j = next[j]) {
          if (j === i) continue;
          let ex = xi - x[j];
          let ey = yi - y[j];
          if (ex === 0 && ey === 0) {
            ex = (i - j) * 0.01;
            ey = 0.01;
          }
          const push = charge / Math.max(ex * ex + ey * ey, 30);
          fx += ex * push;
          fy += ey * push;
        }
      }
    }
    // Hubs keep their neighborhood free.
    const weight = 0.6 + 0.1 * Math.min(degree[i], 12);
    vx[i] += fx * weight * 0.6;
    vy[i] += fy * weight * 0.6;
  }
}
