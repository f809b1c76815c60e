import { readdirSync, readFileSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { BuildFailure } from "esbuild";
import { esbuildFor, needsEsbuild } from "../bundle-game.js";
import { CliError, wordsOf } from "../exit.js";
import { languageOfFile } from "../game-path.js";
import { MAX_PAGE_MODULES } from "../limits.js";
import { nearPath, unparsedModule } from "../place.js";
import { POWERS_AS_CALLS, withPowers } from "../powers.js";
import type { Problem, Reading } from "./description.js";

/** A module of the user's that runs in the page, without how it is loaded. */
export type ModuleReading = Omit<Reading, "loading"> & { readonly url: string };

const NOWHERE = (): undefined => undefined;

/**
 * Readies a module for the page under the name `game/<name>.js`: bundled where there is esbuild, which also reads
 * TypeScript, else as it is, with the modules in its folder. Throws `CliError` for TypeScript without esbuild.
 */
export async function readModule(path: string, name: string): Promise<ModuleReading> {
  const esbuild = await esbuildFor(path);
  if (esbuild !== undefined) return await bundled(esbuild, path, name);
  if (languageOfFile(path) === "typescript") throw needsEsbuild(path);
  return asItIs(path);
}

async function bundled(
  { build }: typeof import("esbuild"),
  path: string,
  name: string,
): Promise<ModuleReading> {
  const folder = dirname(resolve(path));
  const url = `game/${name}.js`;
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [resolve(path)],
      outfile: join(folder, `${name}.js`),
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      sourcemap: "external",
      sourcesContent: false,
      external: ["echo-net", "echo-net/*"],
      logLevel: "silent",
      ...POWERS_AS_CALLS,
    });
    const code = outputFiles.find((file) => file.path.endsWith(".js"))!;
    const map = outputFiles.find((file) => file.path.endsWith(".map"))!;
    const inputs = Object.keys(metafile.inputs).filter((input) => !input.includes("node_modules/"));
    return {
      url,
      files: new Map([[url, Buffer.from(withPowers(code.text))]]),
      folders: [...new Set([folder, ...inputs.map((input) => dirname(resolve(input)))])],
      placeOf: placesIn(url, map.text, folder),
    };
  } catch (error) {
    const problem = problemOf(error as BuildFailure);
    return { url, problem, files: new Map(), folders: [folder], placeOf: NOWHERE };
  }
}

function problemOf(failure: BuildFailure): Problem {
  const message = failure.errors?.[0];
  if (message === undefined) return { message: wordsOf(failure) };
  const { text, location } = message;
  if (location === null) return { message: text };
  const { file, line, column } = location;
  return { message: text, place: { file: nearPath(resolve(file)), line, column: column + 1 } };
}

function placesIn(url: string, mapText: string, folder: string): Reading["placeOf"] {
  let map: SourceMap | undefined;
  return (path, line, column) => {
    if (path !== url) return undefined;
    map ??= new SourceMap(JSON.parse(mapText));
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalSource" in entry)) return undefined;
    const file = nearPath(resolve(folder, entry.originalSource));
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}

/** The module and all others in its folder, which a browser finds by their relative paths. */
function asItIs(path: string): ModuleReading {
  const folder = dirname(resolve(path));
  const urlOf = (file: string): string => `game/${relative(folder, file).split(sep).join("/")}`;
  const modules = modulesIn(folder);
  const files = new Map(modules.map((file) => [urlOf(file), readFileSync(file)]));
  return {
    url: urlOf(resolve(path)),
    problem: unparsedAmong(modules),
    files,
    folders: [...new Set([folder, ...modules.map((file) => dirname(file))])],
    placeOf: (asked, line, column) =>
      files.has(asked)
        ? { file: nearPath(join(folder, asked.slice("game/".length))), line, column }
        : undefined,
  };
}

function modulesIn(folder: string): string[] {
  const found: string[] = [];
  const look = (inside: string): void => {
    for (const entry of readdirSync(inside, { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const path = join(inside, entry.name);
      if (entry.isDirectory()) look(path);
      else if (languageOfFile(path) === "javascript") found.push(path);
      if (found.length > MAX_PAGE_MODULES) {
        throw new CliError(
          3,
          `${folder} holds more than ${MAX_PAGE_MODULES} modules: put the game into a folder of its own, or run npm install --save-dev esbuild, which finds the ones that it needs`,
        );
      }
    }
  };
  look(folder);
  return found;
}

/** What could be parsed, by path and time of change: asking takes a process each. */
const parsed = new Map<string, number>();

function unparsedAmong(modules: readonly string[]): Problem | undefined {
  for (const file of modules) {
    const { mtimeMs } = statSync(file);
    if (parsed.get(file) === mtimeMs) continue;
    const unparsed = unparsedModule(readFileSync(file));
    if (unparsed !== undefined) {
      return { message: unparsed.message, place: { file: nearPath(file), line: unparsed.line } };
    }
    parsed.set(file, mtimeMs);
  }
  return undefined;
}
