import { fileURLToPath } from "node:url";
import { compileAssemblyScript } from "../../scripts/build-wasm.mjs";
import { loadWasmGame, type WasmGame } from "../../src/wasm/index.js";

const source = fileURLToPath(new URL("../../examples/wasm-gems/game.as", import.meta.url));

let compiled: Promise<Uint8Array> | undefined;

/** The example's module, compiled once. */
export const gemsBytes = (): Promise<Uint8Array> => (compiled ??= compileAssemblyScript(source));

export const gemsGame = async (): Promise<WasmGame> => loadWasmGame(await gemsBytes());
