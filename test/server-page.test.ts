import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { SIGNALING_PATH, SIGNALING_PROTOCOL } from "../src/transports/signaling.js";
import { scratch } from "./cli/harness.js";
import { started } from "./server/end.js";

/** What a game's page does beside drawing, each as a promise of a word. */
const moduleFor = (elsewhere: string): string => `
const caught = (error) => error.name;
const worker = () => new Promise((resolve, reject) => {
  const text = new Blob(["postMessage('ran')"], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(text));
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = () => reject(new Error());
});
const room = () => new Promise((resolve) => {
  const url = new URL(${JSON.stringify(SIGNALING_PATH)}, location.href.replace(/^http/, "ws"));
  const webSocket = new WebSocket(url, ${JSON.stringify(SIGNALING_PROTOCOL)});
  webSocket.onopen = () => webSocket.send('{"type":"enter","room":"page"}');
  webSocket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
  webSocket.onerror = () => resolve("no WebSocket");
});
globalThis.did = Promise.all([
  WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).then(() => "compiled", caught),
  worker().catch(caught),
  room(),
  new Promise((resolve) => resolve(eval("'ran'"))).catch(caught),
  fetch(${JSON.stringify(elsewhere)}, { mode: "no-cors" }).then(() => "fetched", caught),
]);
`;

test("EN-1223 a page in Chromium compiles WebAssembly, runs a worker and enters a room, and can do no more", async () => {
  const page = scratch();
  writeFileSync(
    `${page}/index.html`,
    '<!doctype html><title>Game</title><script type="module" src="game.js"></script>',
  );
  writeFileSync(`${page}/game.js`, moduleFor((await started()).url));
  const server = await started({ page });
  const browser = await chromium.launch({
    executablePath: process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`${server.url}/?room=page`);
    await tab.waitForFunction("globalThis.did !== undefined");
    expect(await tab.evaluate("globalThis.did")).toEqual([
      ...["compiled", "ran", "entered", "EvalError", "TypeError"],
    ]);
  } finally {
    await browser.close();
  }
});
