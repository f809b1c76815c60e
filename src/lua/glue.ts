import { refuseGame } from "../core/base/errors.js";
import { nodeParts } from "./node-parts.js";

/** Where Lua's memory begins to be used: its own data and a C stack of 1 MiB take up to 17 pages. */
const GLUE_PAGES = 17;
const MEMORY_SECTION = 5;

let installed: Uint8Array | undefined;

/**
 * Stock Lua 5.4 as WebAssembly: the `glue.wasm` of the package `wasmoon`, of which nothing else is loaded. Node reads
 * it from where it is installed; in a browser the page hands its bytes in. Throws `EchoNetError` `GAME_INVALID`.
 */
export function installedGlue(): Uint8Array {
  if (installed === undefined) {
    const { fs, module } = nodeParts(
      "Lua cannot be read from disk here: fetch echo-net's dist/browser/lua.wasm and hand its bytes to loadLuaGame as `glue`",
    );
    const path = module.createRequire(import.meta.url).resolve("wasmoon/dist/glue.wasm");
    installed = new Uint8Array(fs.readFileSync(path));
  }
  return installed;
}

/**
 * The module with the memory that it needs to begin with in place of the 16 MiB that it asks for: what is not used
 * need not be saved. Throws `EchoNetError` `GAME_INVALID` for bytes in which no such memory is declared.
 */
export function withSmallMemory(glue: Uint8Array): Uint8Array {
  const at = findSection(glue, MEMORY_SECTION);
  // One memory, with a maximum, whose minimum takes two bytes.
  const fits = at !== undefined && glue[at] === 1 && glue[at + 1] === 1 && (glue[at + 2]! & 0x80) !== 0;
  if (!fits || glue[at + 3]! > 0x7f) refuseGame("these bytes are not wasmoon's glue.wasm");
  const patched = glue.slice();
  patched[at + 2] = GLUE_PAGES | 0x80;
  patched[at + 3] = 0;
  return patched;
}

/** Where the content of a section begins. */
function findSection(module: Uint8Array, wanted: number): number | undefined {
  let at = 8;
  while (at < module.length) {
    const id = module[at++]!;
    let size = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = module[at++]!;
      size |= (byte & 0x7f) << shift;
      if (!(byte > 0x7f)) break;
    }
    if (id === wanted) return at;
    at += size >>> 0;
  }
  return undefined;
}
