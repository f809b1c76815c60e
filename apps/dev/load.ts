import type { Frame, Game } from "echo-net";
import type { Description } from "./description.js";

/** What a game brings along to be seen and played, beside its rules. */
export interface Looks {
  /** Draws one frame of one player's screen. */
  readonly render?: (context: CanvasRenderingContext2D, frame: Frame) => void;
  /** The state as text, as in a terminal. */
  readonly draw?: (state: unknown) => unknown;
  /** What `input` is handed while these keys are held: `left`, `right`, `up`, `down`, `fire`. */
  readonly device?: (held: ReadonlySet<string>) => unknown;
  /** Of the picture, in the units that `render` draws in. */
  readonly size?: { readonly width: number; readonly height: number };
}

export interface LoadedGame {
  readonly game: Game;
  readonly looks: Looks;
}

/** Loads what the server describes. Rejects with what the game's own code threw. */
export async function loadGame(description: Description): Promise<LoadedGame> {
  const { module, lua, wasm, drawing } = description;
  if (module !== undefined) {
    const loaded = (await import(`/${module}`)) as Looks & { readonly default?: unknown };
    const { isGame } = await import("echo-net");
    if (!isGame(loaded.default)) {
      throw new Error(
        "The file has no game as its default export: write `export default defineGame({ … })`.",
      );
    }
    return { game: loaded.default, looks: loaded };
  }
  const looks = drawing === undefined ? {} : ((await import(`/${drawing}`)) as Looks);
  if (lua !== undefined) {
    const { loadLuaGame } = await import("echo-net/lua");
    return {
      game: await loadLuaGame(lua.files, { name: lua.name, glue: await bytesOf("echo-net/lua.wasm") }),
      looks,
    };
  }
  const { loadWasmGame } = await import("echo-net/wasm");
  return { game: loadWasmGame(await bytesOf(wasm!)), looks };
}

async function bytesOf(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} cannot be loaded: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
