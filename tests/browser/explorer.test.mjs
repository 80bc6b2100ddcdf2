// The explorer as its users meet it: search, filter, follow a line to the sentence, come back by address.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { build, examples, folder, launch, serve, visit } from "./program.mjs";

let browser;
/** The page of the example corpus. */
let file;
before(async () => {
  browser = await launch();
  file = `file://${join(build(examples, "html"), "graph.html")}`;
});

const counted = (page) => page.$eval("#count", (count) => count.textContent);
const numbers = (text) => text.replace(/,(\d{3})/g, "$1").match(/\d+/g).map(Number);
const heading = (page) => page.$eval("#panel h2", (heading) => heading.textContent);

/** Types a name, takes the first that is found, and waits for its card. */
async function search(page, words, label) {
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.waitForSelector("#found:not([hidden]) li");
  await page.keyboard.press("Enter");
  await page.waitForFunction((label) => document.querySelector("#panel h2")?.textContent === label, {}, label);
}

/** Clicks on the middle of the line between the chosen thing and a neighbor. */
async function clickLine(page, neighbor) {
  await page.waitForFunction(() => !picture.running && picture.links.length, { timeout: 20_000 });
  const [x, y] = await page.evaluate((neighbor) => {
    const link = picture.links.find((l) => [l.a.label, l.b.label].includes(neighbor));
    const box = picture.canvas.getBoundingClientRect();
    const middle = (at) => (at(link.from) + at(link.to)) / 2;
    return [box.left + middle((n) => picture.sx(n)), box.top + middle((n) => picture.sy(n))];
  }, neighbor);
  await page.mouse.click(x, y);
  await page.waitForSelector("#panel article.said");
}

/** What a user does with the page, wherever it comes from. */
async function explore(address) {
  const { page, seen } = await visit(browser, address);
  await search(page, "carvalho", "Ines Carvalho");
  const [things, statements] = numbers(await counted(page));
  assert.ok(things > 5 && statements > 5, await counted(page));
  assert.ok((await page.$$eval("#panel h3", (all) => all.map((h) => h.textContent))).includes("Timeline"));

  await clickLine(page, "Norway");
  assert.equal(await heading(page), "Ines Carvalho and Norway");
  const said = await page.$$eval("#panel article.said", (all) => all.map((article) => ({
    told: article.querySelector(".told").textContent,
    sentence: article.querySelector("blockquote").textContent,
    marks: [...article.querySelectorAll("mark")].map((mark) => mark.textContent),
  })));
  for (const { told, sentence, marks } of said) {
    assert.ok(marks.length > 0, `nothing is marked for ${told}`);
    for (const mark of marks) assert.ok(sentence.includes(mark));
  }

  const permanent = page.url();
  const again = await visit(browser, permanent);
  assert.equal(await heading(again.page), "Ines Carvalho and Norway");
  await again.page.close();
  await page.bringToFront();

  await page.click("#panel article.said .from button");
  await page.waitForSelector("#panel div.text");
  assert.ok((await page.$$eval("#panel div.text > p", (all) => all.length)) > 1, "an article has sentences");

  await page.goBack();
  await page.waitForFunction(() => document.querySelector("#panel h2")?.textContent === "Ines Carvalho and Norway");

  const boxes = await page.$$("#factuality input");
  await boxes[0].click();
  const [fewer, left] = numbers(await counted(page));
  assert.ok(fewer < things && left < statements, `${await counted(page)} without what is asserted`);
  await page.click("#reset");
  assert.deepEqual(numbers(await counted(page)).slice(0, 2), [things, statements]);

  await page.$eval("#from", (from) => {
    from.value = "2030-01-01";
    from.dispatchEvent(new Event("change"));
  });
  assert.equal(numbers(await counted(page))[1], 0, "nothing is told of 2030");
  await page.click("#reset");

  await page.evaluate(() => [...document.querySelectorAll("#predicates button")].find((b) => b.textContent === "none").click());
  assert.equal(numbers(await counted(page))[1], 0, "no relation, no statement");
  await page.click("#reset");
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(seen.dialogs, []);
  return { page, seen };
}

describe("explorer", () => {
  test("as one file, which asks the network for nothing", async () => {
    const { seen } = await explore(file);
    const outside = seen.requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:") && !url.startsWith("blob:"));
    assert.deepEqual(outside, []);
  });

  test("as a server gives it, with its page for SPARQL", async () => {
    const address = await serve(join(build(examples, "ttl"), "graph.ttl"));
    const { page, seen } = await explore(`${address}/`);
    assert.deepEqual(seen.requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:") && !url.startsWith("blob:")), []);
    await page.click("#tab-sparql");
    await page.select("#questions", "who-met-whom");
    await page.click("#run");
    await page.waitForSelector("#answer tbody tr");
    assert.match(await page.$eval("#answered", (it) => it.textContent), /^\d+ rows? in \d+ ms$/);
  });

  test("by keyboard alone", async () => {
    const { page } = await visit(browser, file);
    await search(page, "oslo", "Oslo");
    await page.focus("#picture");
    await page.keyboard.press("n");
    const marked = await page.$eval("#live", (live) => live.textContent);
    assert.ok(marked.length > 0, "the neighbor is told");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#panel h2")?.textContent !== "Oslo");
    const unnamed = await page.$$eval("button, input, select, textarea, canvas:not([aria-hidden])", (all) => all
      .filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.closest("label") || document.querySelector(`label[for="${e.id}"]`)))
      .map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(unnamed, [], "each control has a name that is read out");
  });

  test("light and dark", async () => {
    const { page } = await visit(browser, file);
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    const light = await back();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    const dark = await back();
    assert.notEqual(light, dark);
    await page.select("#theme", "light");
    assert.equal(await back(), light, "a choice wins over the system");
  });

  test("text of articles stays text", async () => {
    const hostile = [
      "</script><script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "<svg/onload=fetch('http://127.0.0.1:9/')>",
      "javascript:alert(1)",
      "\"'><iframe src=//127.0.0.1:9>",
    ];
    const articles = hostile.map((text, i) => JSON.stringify({
      id: `a${i}`,
      title: text,
      date: "2025-03-06",
      url: text,
      publisher: text,
      text: `Mara Voss of ${text} visited Oslo on Wednesday. "${text}," Mara Voss said. Karl ${text} Lind met Mara Voss.`,
    }));
    const input = join(folder(), "hostile.jsonl");
    writeFileSync(input, `${articles.join("\n")}\n`);
    const { page, seen } = await visit(browser, `file://${join(build(input, "html"), "graph.html")}`);
    await search(page, "mara voss", "Mara Voss");
    for (const id of await page.evaluate(() => [...model.statements.keys()])) {
      await page.evaluate((id) => open({ statement: id }), id);
    }
    for (const id of await page.evaluate(() => [...model.documents.keys()])) {
      await page.evaluate((id) => open({ document: id }), id);
    }
    assert.equal(await page.$$eval("iframe, img, svg", (all) => all.length), 0);
    assert.deepEqual(await page.$$eval("a[href]", (all) => all.map((a) => a.getAttribute("href")).filter((href) => !/^(https?:|#)/.test(href))), []);
    assert.deepEqual(seen.errors, []);
    assert.deepEqual(seen.dialogs, []);
    assert.deepEqual(seen.requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:")), []);
  });

  test("twenty thousand statements", { timeout: 300_000 }, async (t) => {
    const given = ["Ada", "Bruno", "Clara", "Dario", "Edith", "Fabio", "Greta", "Hugo", "Irene", "Jonas", "Karin", "Leo", "Mara", "Nils", "Olga", "Pablo", "Rosa", "Stefan", "Tessa", "Ulrich"];
    const family = ["Abrahams", "Bergström", "Castellano", "Dimitrov", "Eriksen", "Fontaine", "Gallagher", "Hakimi", "Ivanova", "Janssen", "Kowalski", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov", "Quintana", "Romano", "Sørensen", "Tanaka"];
    const cities = ["Oslo", "Lisbon", "Vienna", "Nairobi", "Quito", "Manila", "Dakar", "Prague"];
    const name = (n) => `${given[n % 20]} ${family[Math.floor(n / 20) % 20]}`;
    // Numbers of a fixed order, so that each run makes the same graph.
    let state = 7;
    const draw = (n) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor((state / 2147483648) * n);
    };
    const articles = Array.from({ length: 700 }, (_, i) => JSON.stringify({
      id: `a${i}`,
      date: `2025-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`,
      publisher: "The Test Gazette",
      text: Array.from({ length: 15 }, () => `${name(draw(400))} met ${name(draw(400))} in ${cities[draw(8)]}. ${name(draw(400))} praised ${name(draw(400))}.`).join(" "),
    }));
    const input = join(folder(), "many.jsonl");
    writeFileSync(input, `${articles.join("\n")}\n`);
    const many = `file://${join(build(input, "html", "--layout"), "graph.html")}`;
    const start = performance.now();
    const { page, seen } = await visit(browser, many);
    t.diagnostic(`open after ${Math.round(performance.now() - start)} ms`);
    const total = await page.evaluate(() => model.statements.size);
    assert.ok(total >= 20_000, `${total} statements`);
    await page.select("#limit", "20000");
    t.diagnostic(await counted(page));
    assert.ok(numbers(await counted(page))[1] > 19_000);
    const box = await (await page.$("#picture")).boundingBox();
    const frames = page.evaluate(() => new Promise((done) => {
      const start = performance.now();
      let n = 0;
      const tick = (now) => (now - start > 3000 ? done((1000 * n) / (now - start)) : (n += 1, requestAnimationFrame(tick)));
      requestAnimationFrame(tick);
    }));
    await page.mouse.move(box.x + 40, box.y + box.height - 120);
    await page.mouse.down();
    for (let i = 0; i < 150; i++) {
      await page.mouse.move(box.x + 40 + i, box.y + box.height - 120 - i / 2);
      await new Promise((done) => setTimeout(done, 15));
    }
    await page.mouse.up();
    t.diagnostic(`${Math.round(await frames)} frames a second while it is dragged`);
    await search(page, "mara novak", "Mara Novak");
    await page.$eval("#panel .fact button.n", (button) => button.click());
    await page.waitForSelector("#panel mark");
    assert.deepEqual(seen.errors, []);
  });
});
