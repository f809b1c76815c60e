/** What the scripts share: steps that say their name, and an installation that is there when it is needed. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));
export const cli = `${root}dist/cli/main.js`;

const quiet = !process.stdout.isTTY;
const bold = (text) => (quiet ? text : `\x1b[1m${text}\x1b[0m`);

/** Under `--json` standard output is the result's alone. */
const out = process.argv.includes("--json") ? process.stderr : process.stdout;
export const say = (text = "") => out.write(`${text}\n`);
export const heading = (text) => say(`\n${bold(text)}`);

/** Ends the script: which step failed, and what a person can do about it. */
export function fail(step, hint = "") {
  process.stderr.write(`\nFailed: ${step}.${hint === "" ? "" : `\n${hint}`}\n`);
  process.exit(1);
}

/** Runs a program in the project's root, its output shown as it comes. Ends the script if it does not exit with 0. */
export function run(step, program, args, { env = {}, hint = "" } = {}) {
  heading(step);
  const { status, signal, error } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (signal === "SIGINT") process.exit(130);
  if (error !== undefined) fail(step, `${program} cannot be started: ${error.message}`);
  if (status !== 0) fail(step, hint);
}

export function npm(step, ...args) {
  const self = process.env.npm_execpath;
  if (self === undefined) run(step, "npm", args);
  else run(step, process.execPath, [self, ...args]);
}

/** A program that a package of node_modules brings along. */
export function tool(step, name, ...args) {
  run(step, `${root}node_modules/.bin/${name}`, args);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      "looking at Node.js",
      `This is Node.js ${process.versions.node}; Echo Net needs 20.19 or later (https://nodejs.org).`,
    );
  }
}

/** Why node_modules does not hold what package-lock.json asks for, or undefined where it does. */
function installationProblem() {
  const installedFile = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedFile)) return "nothing is installed yet";
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || entry.optional || entry.devOptional || entry.peer) continue;
    if (installed[path]?.version !== entry.version) {
      return `${path.replace(/^.*node_modules\//, "")} ${entry.version} is not installed`;
    }
  }
  return undefined;
}

/** Leaves the packages of package-lock.json installed. */
export function ensureInstalled() {
  requireNode();
  const problem = installationProblem();
  if (problem === undefined) return;
  npm(
    `Installing packages (${problem})`,
    "ci",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--loglevel=error",
  );
}

export const build = () => npm("Building", "run", "--silent", "build");

/** Bundles a TypeScript file against the built package, for this Node; gives the bundle's path. */
export async function bundleForNode(entry, target) {
  const esbuild = await import("esbuild");
  const outfile = `${root}${target}`;
  await esbuild.build({
    entryPoints: [`${root}${entry}`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["echo-net", "echo-net/*"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return outfile;
}
