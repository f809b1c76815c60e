/** `node scripts/build-wasm.mjs game.as game.wasm`: a game in AssemblyScript, compiled for docs/wasm.md. */

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import process, { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

/**
 * The module's bytes. The runtime is the one that frees nothing: a game that allocates in every tick needs another.
 * Throws with the compiler's words.
 */
export async function compileAssemblyScript(path) {
  const source = readFileSync(path, "utf8");
  let bytes;
  let words = "";
  const stderr = {
    write: (text) => {
      words += text;
    },
  };
  const options = ["--outFile", "game.wasm", "--runtime", "stub", "--use", "abort=", "-O2", "--noAssert"];
  const { error } = await main(["game.ts", ...options], {
    // The compiler takes files that end in .ts; those of its library it brings along.
    readFile: (name) => (basename(name) === "game.ts" ? source : null),
    writeFile: (_, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
    stderr,
  });
  if (error !== null) throw new Error(`${path}: ${words || error.message}`);
  return bytes;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , from, to] = argv;
  if (from === undefined || to === undefined) {
    process.stderr.write("usage: node scripts/build-wasm.mjs game.as game.wasm\n");
    exit(2);
  }
  writeFileSync(to, await compileAssemblyScript(from));
}
