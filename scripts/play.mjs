/**
 * `npm run play [-- --port 7777]`: builds, and serves the page of Splash with rooms for who plays it. Ctrl-C ends it.
 * Arguments go to `echo-net serve`.
 */
import { spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
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

/** Where other machines find this one. */
const addresses = () =>
  Object.values(networkInterfaces())
    .flat()
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);

const WORDS = {
  listening: ({ url, port }) => {
    heading(`Splash is at ${url}`);
    const others = new URL(url).hostname === "localhost" ? addresses() : [];
    if (others.length === 0) say("Open it in a browser, in two tabs to begin with. Ctrl-C ends it.");
    else {
      say("Open it in a browser. To invite people on other machines of this network, open it as");
      for (const address of others) say(`  http://${address}:${port}`);
      say("and send them the link that it gives you. Ctrl-C ends it.");
    }
  },
  "room-opened": ({ room }) => say(`  room ${room} is open`),
  "room-ended": ({ room }) => say(`  room ${room} is over`),
  closing: () => say("\nEnding …"),
};
let problem = "";
createInterface({ input: server.stdout }).on("line", (line) => {
  const told = JSON.parse(line);
  WORDS[told.event]?.(told);
  problem = told.error ?? problem;
});
server.once("close", (code) => {
  // Whoever pressed ctrl-c twice knows.
  if (code === 130) process.exit(130);
  if (code !== 0) fail("serving the page", problem);
});
