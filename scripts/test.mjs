/** `npm test`: installs what is missing, then builds, checks and runs everything. Arguments go to vitest. */
import { existsSync } from "node:fs";
import { build, ensureInstalled, fail, heading, run, say, tool } from "./house.mjs";

const onPath = (program) =>
  (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));

/** Programs that the tests drive from outside: browsers, a TURN server, the second shell of `shell-init`. */
const programs = [
  {
    name: "chromium",
    present: () => existsSync(process.env.ECHO_NET_CHROMIUM ?? "/usr/bin/chromium"),
    otherwise: "or set ECHO_NET_CHROMIUM to the path of a Chromium or Chrome",
  },
  {
    name: "firefox-esr",
    present: () => existsSync(process.env.ECHO_NET_FIREFOX ?? "/usr/bin/firefox-esr"),
    otherwise: "or set ECHO_NET_FIREFOX to the path of a Firefox",
  },
  {
    name: "coturn",
    present: () => process.env.ECHO_NET_TURNSERVER !== undefined || onPath("turnserver"),
    otherwise: "or set ECHO_NET_TURNSERVER to the path of coturn's turnserver",
  },
  { name: "zsh", present: () => onPath("zsh"), otherwise: "or put a zsh on the PATH" },
];

function ensurePrograms() {
  const missing = programs.filter((program) => !program.present());
  if (missing.length === 0) return;
  const names = missing.map((program) => program.name);
  const how = missing.map(
    ({ name, otherwise }) => `  ${name}: on Debian \`sudo apt-get install ${name}\`, ${otherwise}`,
  );
  const advice = `The tests need ${names.join(" and ")}:\n${how.join("\n")}`;
  if (process.getuid?.() !== 0 || !onPath("apt-get")) fail("looking for what the tests drive", advice);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run("Reading Debian's list of packages", "apt-get", ["-qq", "update"], { env, hint: advice });
  run(
    `Installing ${names.join(" and ")}`,
    "apt-get",
    ["-qq", "install", "--yes", "--no-install-recommends", ...names],
    { env, hint: advice },
  );
  const still = missing.filter((program) => !program.present()).map((program) => program.name);
  if (still.length > 0) fail(`installing ${still.join(" and ")}`, advice);
}

ensureInstalled();
ensurePrograms();
build();
tool("Checking style", "biome", "check");
tool("Checking types of tests, examples and benchmarks", "tsc", "-b", "tsconfig.tests.json");

const vectors = process.env.ECHO_NET_VECTORS;
if (vectors !== undefined && !existsSync(`${vectors}/blake3.json`)) {
  fail(
    "looking for the official test vectors",
    `ECHO_NET_VECTORS is ${vectors}, which holds no blake3.json.`,
  );
}
tool("Testing", "vitest", "run", ...process.argv.slice(2));

heading("All good.");
if (vectors === undefined) {
  say("Skipped: the official test vectors (CBOR, BLAKE3, Ed25519), since ECHO_NET_VECTORS names no folder.");
  say("  The project's own tables of the same things did run.");
}
