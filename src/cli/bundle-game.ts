import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Plugin } from "esbuild";
import { CliError, wordsOf } from "./exit.js";
import { nearPath } from "./place.js";
import { POWERS_AS_CALLS, withPowers } from "./powers.js";

type Esbuild = typeof import("esbuild");

/** This package, wherever it was installed. */
const packageRoot = new URL("../../", import.meta.url);
const isBuilt = import.meta.url.endsWith(".js");

/**
 * Loads a module that is written in TypeScript: bundled by esbuild, with `echo-net` being this package.
 * Throws `CliError` 3.
 */
export async function importTypeScript(path: string): Promise<Record<string, unknown>> {
  const code = await bundle(path);
  const folder = mkdtempSync(join(tmpdir(), "echo-net-"));
  try {
    const file = join(folder, "game.mjs");
    writeFileSync(file, code);
    // So that what the game throws leads to its own lines, not to those of a bundle that is gone.
    process.setSourceMapsEnabled(true);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(path: string): Promise<string> {
  const { build } = await findEsbuild(path);
  const folder = dirname(resolve(path));
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(path)],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "es2022",
      sourcemap: "inline",
      sourceRoot: pathToFileURL(`${folder}/`).href,
      outfile: join(folder, "game.mjs"),
      logLevel: "silent",
      plugins: [ownPackage],
      ...POWERS_AS_CALLS,
    });
    return withPowers(outputFiles[0]!.text);
  } catch (error) {
    throw new CliError(3, `${path} cannot be read as TypeScript: ${firstOf(error as BuildFailure)}`);
  }
}

function firstOf(failure: BuildFailure): string {
  const message = failure.errors?.[0];
  if (message === undefined) return wordsOf(failure);
  const { text, location } = message;
  if (location === null) return text;
  return `${text} (${nearPath(resolve(location.file))}:${location.line}:${location.column + 1})`;
}

async function findEsbuild(path: string): Promise<Esbuild> {
  const found = await esbuildFor(path);
  if (found === undefined) throw needsEsbuild(path);
  return found;
}

/** Why a game in TypeScript cannot be read where there is no esbuild. */
export const needsEsbuild = (path: string): CliError =>
  new CliError(
    3,
    `${path} is TypeScript, which takes esbuild to be read: run npm install --save-dev esbuild, or name a .js file`,
  );

/** The esbuild beside this package, or beside the game; undefined where neither has one. */
export async function esbuildFor(path: string): Promise<Esbuild | undefined> {
  try {
    return await import("esbuild");
  } catch {
    try {
      const beside = createRequire(resolve(path)).resolve("esbuild");
      return (await import(pathToFileURL(beside).href)).default;
    } catch {
      return undefined;
    }
  }
}

/**
 * The game shares this program's copy of the package, whichever it would find by itself. For esbuild it is a module
 * that passes on what the copy has, so that it tells where a game imports what there is not.
 */
const ownPackage: Plugin = {
  name: "echo-net",
  setup({ onLoad, onResolve }) {
    const { exports } = JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")) as {
      exports: Readonly<Record<string, string | { readonly default: string }>>;
    };
    onResolve({ filter: /^echo-net(\/|$)/ }, ({ path }) => {
      const target = exports[`.${path.slice("echo-net".length)}`];
      if (typeof target !== "object") return { errors: [{ text: `this version has no "${path}"` }] };
      const file = isBuilt
        ? target.default
        : target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts");
      return { path, namespace: "package", pluginData: new URL(file, packageRoot).href };
    });
    onLoad({ filter: /^/, namespace: "package" }, async ({ pluginData: href }) => {
      const names = Object.keys(await import(href)).join(", ");
      return { contents: `export { ${names} } from "${href}";` };
    });
    onResolve({ filter: /^/, namespace: "package" }, ({ path }) => ({ path, external: true }));
  },
};
