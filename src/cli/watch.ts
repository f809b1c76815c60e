import type { Game } from "../core/session/simulation.js";
import type { View } from "../core/session/view.js";
import type { WasmGame } from "../wasm/load.js";
import { drawEntities, isEntities } from "./draw-entities.js";
import { CliError, oneLine, wordsOf } from "./exit.js";
import type { CliIo } from "./io.js";
import type { LoadedGame } from "./load-game.js";
import { placeOf } from "./place.js";
import { printable, printableInColour } from "./printable.js";

/** Another screen, without a cursor; lines longer than it is wide are cut off, not wrapped. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Ctrl-C arrives as a key where every key does. */
const CTRL_C = "\x03";
const FRAME_MS = 33;

/** Draws a match in the terminal while it is played. Writes to stderr, so that stdout keeps what `--json` says. */
export class Watch {
  readonly #io: CliIo;
  readonly #draw: (state: unknown) => string;
  readonly #nothing: string;
  readonly #releaseKeys: (() => void) | undefined;
  #drawnMs = Number.NEGATIVE_INFINITY;

  /** `onQuit` is called for q and ctrl-c. */
  constructor(io: CliIo, { game, draw, path }: LoadedGame, onQuit: () => void) {
    this.#io = io;
    this.#nothing = nothingShown(game);
    this.#draw = draw === undefined ? drawAsText : guarded(draw, path);
    io.stderr.write(ENTER);
    this.#releaseKeys = io.onKey?.((key) => {
      if (key === "q" || key === "Q" || key === CTRL_C) onQuit();
    });
  }

  /** Draws what is shown now, with as much of `status` below it as there is room for, if it is time for a frame. */
  show(view: () => View<unknown>, status: () => string): void {
    const nowMs = performance.now();
    if (nowMs - this.#drawnMs < FRAME_MS) return;
    this.#drawnMs = nowMs;
    const room = Math.max(1, (this.#io.stderr.rows ?? 24) - 1);
    const { current } = view();
    const drawn = current === undefined ? this.#nothing : this.#draw(current);
    const picture = drawn.split("\n").slice(0, room).map(printableInColour);
    const below = status()
      .split("\n")
      .slice(0, room - picture.length)
      .map(printable);
    const lines = [...picture, ...below, "q ends"].map((line) => `${line}\x1b[0m\x1b[K`);
    this.#io.stderr.write(`\x1b[H${lines.join("\r\n")}\x1b[J`);
  }

  /** Gives the terminal back as it was. */
  end(): void {
    this.#releaseKeys?.();
    this.#io.stderr.write(LEAVE);
  }
}

/** Why there is nothing to draw, as can be with modules alone. */
function nothingShown(game: Game): string {
  const { report } = game as Partial<WasmGame>;
  const why = report?.exports.has("echo_view")
    ? "its echo_view failed, called no echo.view, or showed other bytes than a declared view takes"
    : "the module has no echo_view that would show its state";
  return `There is nothing to draw: ${why} (see docs/wasm.md).`;
}

/** What is drawn of a game that brings no `draw`: its entities, or its state as it is. */
const drawAsText = (state: unknown): string =>
  isEntities(state)
    ? drawEntities(state)
    : JSON.stringify(state, (_, value) => (typeof value === "bigint" ? `${value}n` : value), 1);

function guarded(draw: (state: unknown) => string, path: string): (state: unknown) => string {
  return (state) => {
    try {
      return String(draw(state));
    } catch (error) {
      throw new CliError(3, `${path}: its draw threw: ${oneLine(wordsOf(error))}${placeOf(error)}`);
    }
  };
}
