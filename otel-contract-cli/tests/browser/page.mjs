// Tests pages of `cargo otel-contract docs` in Chromium, driven by chromedriver.
//
//   node page.mjs PAGE HOSTILE [FOLDER]
//
// PAGE documents the contract `everything`, HOSTILE a contract whose texts are markup. Screenshots (wide and narrow,
// light and dark) are written to FOLDER. The browser has no network access.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [page, hostile, pictures] = process.argv.slice(2);
if (!page || !hostile) {
  console.error("usage: node page.mjs PAGE HOSTILE [FOLDER]");
  process.exit(2);
}

// Starts a driver, which prints its port.
const driver = spawn("chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
const profile = mkdtempSync(join(tmpdir(), "otel-contract-browser-"));
const port = await new Promise((found, failed) => {
  let said = "";
  driver.on("error", failed);
  driver.on("exit", (code) => failed(new Error(`chromedriver ended with ${code}: ${said}`)));
  driver.stdout.on("data", (data) => {
    said += data;
    const match = said.match(/started successfully on port (\d+)/);
    if (match) found(Number(match[1]));
  });
});

const ask = async (method, path, body) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    body: body && JSON.stringify(body),
  });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
};

const { sessionId } = await ask("POST", "/session", {
  capabilities: {
    alwaysMatch: {
      browserName: "chrome",
      "goog:loggingPrefs": { browser: "ALL" },
      "goog:chromeOptions": {
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--host-resolver-rules=MAP * ~NOTFOUND",
          `--user-data-dir=${profile}`,
        ],
      },
    },
  },
});
const session = (method, path, body) => ask(method, `/session/${sessionId}${path}`, body);
const open = (file, hash = "") =>
  session("POST", "/url", { url: pathToFileURL(resolve(file)).href + hash });
const run = (script, ...args) => session("POST", "/execute/sync", { script: `return (${script})(...arguments)`, args });
const keys = (...pressed) => {
  const actions = pressed.flatMap((value) => [
    { type: "keyDown", value },
    { type: "keyUp", value },
  ]);
  return session("POST", "/actions", { actions: [{ type: "key", id: "keys", actions }] });
};
const size = (width, height) =>
  session("POST", "/goog/cdp/execute", {
    cmd: "Emulation.setDeviceMetricsOverride",
    params: { width, height, deviceScaleFactor: 1, mobile: false },
  });
const scheme = (value) =>
  session("POST", "/goog/cdp/execute", {
    cmd: "Emulation.setEmulatedMedia",
    params: { features: [{ name: "prefers-color-scheme", value }] },
  });
const picture = async (name) => {
  if (pictures) writeFileSync(join(pictures, `${name}.png`), await session("GET", "/screenshot"), "base64");
};
const visible = () =>
  run(() => [...document.querySelectorAll(".entry")].filter((one) => one.offsetParent).map((one) => one.id));
const quiet = async () => {
  const log = await session("POST", "/se/log", { type: "browser" });
  assert.deepEqual(log, [], "the console is empty");
  const asked = await run(() => performance.getEntriesByType("resource").map((one) => one.name));
  assert.deepEqual(asked, [], "nothing is fetched");
};

const ENTER = "\uE007";
const ESCAPE = "\uE00C";

// Relative luminance of colors (WCAG 2.2), for the contrast of text.
const contrast = () =>
  run(() => {
    const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const weak = [];
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!own || !element.offsetParent || getComputedStyle(element).opacity === "0") continue;
      const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) weak.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
    }
    return [...new Set(weak)];
  });

const tests = {
  async "slash focuses the search, which matches names, values and briefs"() {
    await open(page);
    const all = await visible();
    assert.ok(all.length > 20, `${all.length} entries`);
    await keys("/");
    assert.equal(await run(() => document.activeElement.id), "search");
    await keys(..."tier");
    const found = await visible();
    assert.ok(found.includes("everything/attribute/account.tier"), found.join());
    assert.ok(!found.includes("everything/attribute/queue.name"), found.join());
    assert.equal(await run(() => document.getElementById("found").textContent), `${found.length} of ${all.length}`);
    const links = await run(() => [...document.querySelectorAll("nav ul ul li")].filter((one) => !one.hidden).length);
    assert.equal(links, found.length, "the contents show what was found");
    await keys(ESCAPE);
    assert.deepEqual(await visible(), all, "escape shows everything again");
    await keys("/", ..."paid monthly");
    assert.deepEqual(await visible(), ["everything/attribute/account.tier"]);
    await quiet();
  },
  async "a search without a match shows a message and can be cleared"() {
    await open(page);
    const all = await visible();
    await keys("/", ..."nothing is called this");
    assert.deepEqual(await visible(), []);
    assert.equal(await run(() => document.getElementById("nothing").hidden), false);
    await run(() => document.getElementById("clear").click());
    assert.deepEqual(await visible(), all);
    await quiet();
  },
  async "enter opens the first match"() {
    await open(page);
    await keys("/", ..."queue.lag", ENTER);
    assert.equal(await run(() => decodeURIComponent(location.hash)), "#everything/metric/queue.lag");
    await quiet();
  },
  async "every link has a target on the page"() {
    await open(page);
    const broken = await run(() =>
      [...document.querySelectorAll("a[href]")]
        .filter((link) => !link.getAttribute("href").startsWith("#") || !document.getElementById(decodeURIComponent(link.hash.slice(1))))
        .map((link) => link.getAttribute("href")),
    );
    assert.deepEqual(broken, []);
    const twice = await run(() => {
      const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
      return ids.filter((id, index) => ids.indexOf(id) !== index);
    });
    assert.deepEqual(twice, [], "every anchor is there once");
    await quiet();
  },
  async "a link to an entry shows it below the bar, even if a search hides it"() {
    await open(page, "#everything/attribute/user.email");
    const place = () =>
      run(() => {
        const entry = document.getElementById("everything/attribute/user.email").getBoundingClientRect();
        return { top: entry.top, bar: document.querySelector(".top").getBoundingClientRect().bottom, height: innerHeight };
      });
    const { top, bar, height } = await place();
    assert.ok(top >= bar && top < height, `${top} below ${bar}`);
    await keys("/", ..."queue.lag");
    assert.ok(!(await visible()).includes("everything/attribute/user.email"));
    await run(() => { location.hash = "#everything/attribute/order.id"; });
    await run(() => { location.hash = "#everything/attribute/user.email"; });
    await run(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.ok((await visible()).includes("everything/attribute/user.email"));
    await quiet();
  },
  async "contract text is never markup"() {
    await open(hostile);
    assert.equal(await run(() => window.hurt ?? null), null);
    assert.equal(await run(() => document.querySelectorAll("main script, main iframe, main img, main b, main i").length), 0);
    const shown = await run(() => document.querySelector("main").textContent);
    assert.ok(shown.includes("<script>window.hurt = 3</script>"), "it is shown as written");
    assert.ok((await run(() => document.title)).includes("hostile 1.1.0"));
    await keys("/", ..."onmouseover");
    assert.deepEqual(await visible(), ["hostile/attribute/order.id"], "and found as written");
    await quiet();
  },
  async "heading levels have no gaps, and graphics have labels"() {
    await open(page);
    const levels = await run(() => [...document.querySelectorAll("h1,h2,h3,h4")].map((one) => Number(one.tagName[1])));
    levels.reduce((last, level) => {
      assert.ok(level <= last + 1, `h${level} after h${last}`);
      return level;
    }, 0);
    const wordless = await run(() => [...document.querySelectorAll("svg")].filter((one) => !one.getAttribute("aria-label")).length);
    assert.equal(wordless, 0);
    assert.equal(await run(() => document.documentElement.lang), "en");
  },
  async "text is readable and does not overflow in every layout and color scheme"() {
    for (const [shape, width, height] of [["wide", 1400, 1000], ["narrow", 375, 900]]) {
      for (const colours of ["light", "dark"]) {
        await size(width, height);
        await scheme(colours);
        await open(page);
        assert.deepEqual(await contrast(), [], `${shape} ${colours}`);
        const over = await run(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(over, 0, `${shape}: ${over} px over the side`);
        await picture(`${shape}-${colours}-top`);
        for (const id of ["everything/series", "everything/operation/invoice.create", "everything/attribute/account.tier"]) {
          await open(page, `#${id}`);
          await picture(`${shape}-${colours}-${id.split("/").at(-1)}`);
        }
        await quiet();
      }
    }
  },
};

let failed = 0;
try {
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
} finally {
  await session("DELETE", "").catch(() => {});
  driver.kill();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.log(failed ? `${failed} failed` : `${Object.keys(tests).length} passed`);
process.exit(failed ? 1 : 0);
