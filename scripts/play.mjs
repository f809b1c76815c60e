/**
 * `npm run play [-- --port 7777]`: builds, and serves the page of Splash with rooms for who plays it. Ctrl-C ends it.
 * Arguments go to `echo-net serve`.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { build, cli, ensureInstalled, fail, heading, root, say } from "./house.mjs";

ensureInstalled();
build();
const server = spawn(process.execPath, [cli, "serve", ...process.argv.slice(2), "--json"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
// The server hears the same ctrl-c and ends by itself.
process.on("SIGINT", () => {});
process.once("SIGTERM", () => server.kill("SIGTERM"));

const WORDS = {
  listening: ({ url }) => {
    heading(`Splash is at ${url}`);
    say("Open it in a browser, and invite somebody: the link works in this network. Ctrl-C ends it.");
  },
  "room-opened": ({ room }) => say(`  room ${room} is open`),
  "room-ended": ({ room }) => say(`  room ${room} is over`),
  closing: () => say("\nEnding …"),
};
let problem = "";
createInterface({ input: server.stdout }).on("line", (line) => {
  const told = JSON.parse(line);
  WORDS[told.event]?.(told);
  problem = told.error ?? told.hint ?? problem;
});
server.once("close", (code) => {
  if (code !== 0) fail("serving the page", problem);
});
