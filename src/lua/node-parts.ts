import { refuseGame } from "../core/base/errors.js";

/** The parts of Node that read games and packages. */
export interface NodeParts {
  readonly fs: typeof import("node:fs");
  readonly path: typeof import("node:path");
  readonly url: typeof import("node:url");
  readonly module: typeof import("node:module");
}

interface BuiltinModules {
  getBuiltinModule?(name: string): unknown;
}

/** Asked for when they are needed, so that a browser's bundle holds none. Throws `GAME_INVALID` where there is no Node. */
export function nodeParts(otherwise: string): NodeParts {
  const node = (globalThis as { readonly process?: BuiltinModules }).process;
  const part = (name: string): unknown => node?.getBuiltinModule?.(`node:${name}`);
  if (part("fs") === undefined) refuseGame(otherwise);
  return { fs: part("fs"), path: part("path"), url: part("url"), module: part("module") } as NodeParts;
}
