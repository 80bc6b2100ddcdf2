// What the tests share: the program, its graphs in a folder of their own, and a browser.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after } from "node:test";
import puppeteer from "puppeteer-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const examples = join(root, "examples/news");

function first(what, candidates) {
  const found = candidates.find((file) => file && existsSync(file));
  assert.ok(found, `no ${what} among ${candidates.filter(Boolean).join(", ")}`);
  return found;
}

const program = first("newsgraph (build it with `cargo build --release`, or name it in NEWSGRAPH)", [
  process.env.NEWSGRAPH,
  join(root, "target/release/newsgraph"),
]);

const ends = [];
after(() => Promise.all(ends.map((end) => end())));

/** A folder that is gone when the tests of a file are done. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), "newsgraph-"));
  ends.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Builds a graph of files; gives the folder it lies in. */
export function build(input, formats, ...options) {
  const out = folder();
  execFileSync(program, ["build", input, "-o", out, "--format", formats, "-q", ...options], { stdio: ["ignore", "ignore", "inherit"] });
  return out;
}

/** Serves a graph; gives its address. */
export async function serve(graph) {
  const server = spawn(program, ["serve", graph, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  ends.push(() => server.kill());
  return new Promise((resolve, reject) => {
    let told = "";
    const listen = (chunk) => {
      told += chunk;
      const address = told.match(/http:\/\/[^\s/]+/);
      if (address) resolve(address[0]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${told}`)));
  });
}

/** A browser that is closed when the tests of a file are done. */
export async function launch() {
  const browser = await puppeteer.launch({
    executablePath: first("Chromium (name one in CHROMIUM)", [
      process.env.CHROMIUM,
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ]),
    // In a container there is no name space for a sandbox.
    args: process.env.CI || process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  ends.push(() => browser.close());
  return browser;
}

/** A page that has started, with what went wrong or out on it. */
export async function visit(browser, address) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  const seen = { errors: [], requests: [], dialogs: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    dialog.dismiss();
  });
  await page.goto(address, { waitUntil: "load", timeout: 60_000 });
  await page.waitForSelector("html[data-ready=yes]", { timeout: 60_000 });
  return { page, seen };
}
