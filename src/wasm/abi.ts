import { refuseGame } from "../core/base/errors.js";
import type { ImportRule } from "./options.js";
import type { PrepareReport } from "./prepare.js";
import { describeType, typeOfLetters } from "./value-types.js";

/** What `echo_abi` returns in modules that follow docs/wasm.md. */
export const ABI_VERSION = 1;

/** What a module may import, all from `echo`, with type and fuel. */
const IMPORTS: readonly (readonly [name: string, type: string, fuel: number])[] = [
  ["declare", "ii>", 100],
  ["emit", "iii>", 1000],
  ["effect", "iiiii>", 1000],
  ["random", "i>i", 100],
  ["random_unit", ">F", 100],
  ["chronos", ">i", 100],
  ["remember", "ii>", 1000],
  ["recall", "ii>i", 1000],
  ["view", "ii>", 1000],
  ["log", "ii>", 1000],
];

export const IMPORT_RULES: readonly ImportRule[] = IMPORTS.map(([name, type, fuel]) => ({
  module: "echo",
  name,
  type,
  fuel,
}));

const REQUIRED: readonly (readonly [name: string, type: string])[] = [
  ["echo_abi", ">i"],
  ["echo_declare", ">"],
  ["echo_setup", "i>"],
  ["echo_step", ">"],
];

const OPTIONAL: readonly (readonly [name: string, type: string])[] = [
  ["echo_on_event", "iiiiii>"],
  ["echo_input", "iii>"],
  ["echo_view", ">"],
];

/** Checks that the module exports what a game needs. Throws `GAME_INVALID` naming everything that is missing. */
export function checkExports({ exports }: PrepareReport): void {
  const problems: string[] = [];
  for (const [name, letters] of [...REQUIRED, ...OPTIONAL]) {
    const wanted = describeType(typeOfLetters(letters));
    const found = exports.get(name);
    if (found === undefined && OPTIONAL.some(([optional]) => optional === name)) continue;
    if (found === undefined) problems.push(`it exports no ${name} ${wanted}`);
    else if (found !== wanted) problems.push(`its ${name} is ${found} and must be ${wanted}`);
  }
  if (problems.length > 0) {
    refuseGame(`the module is no game: ${problems.join("; ")} (see docs/wasm.md)`);
  }
}
