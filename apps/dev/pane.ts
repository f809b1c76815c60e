import type { Frame, GameOutput } from "echo-net";
import type { TestPeer } from "echo-net/testing";
import { plainDevice } from "./keys.js";
import type { Looks } from "./load.js";
import { drawPlaces, noExtent, stateText } from "./plain-picture.js";
import { terminalText } from "./terminal-text.js";

const DEFAULT_SIZE = { width: 480, height: 360 };
/** Text is for reading: it need not change with every frame. */
const TEXT_FRAMES = 6;
/** Ticks that one peer may be behind the other in what it calls final. */
const KEPT_HASHES = 512;

/** One player's screen, with what its peer does below it. */
export class Pane {
  readonly element: HTMLElement;
  readonly #looks: Looks;
  readonly #held: ReadonlySet<string>;
  readonly #isBot: () => boolean;
  readonly #canvas = document.createElement("canvas");
  readonly #text = document.createElement("pre");
  readonly #figures = document.createElement("dl");
  readonly #extent = noExtent();
  /** State hashes of the newest final ticks. */
  readonly #hashes = new Map<number, string>();
  #outputs: GameOutput<any>[] = [];
  #local: unknown = {};
  #frames = 0;

  constructor(name: string, looks: Looks, held: ReadonlySet<string>, bot: HTMLInputElement) {
    this.#looks = looks;
    this.#held = held;
    this.#isBot = () => bot.checked;
    const title = document.createElement("h2");
    title.textContent = name;
    const label = document.createElement("label");
    label.append(bot, " plays by itself");
    const head = document.createElement("header");
    head.append(title, label);
    this.element = document.createElement("section");
    this.element.className = "pane";
    this.element.append(head, this.#canvas, this.#text, this.#figures);
    const { width, height } = this.#size;
    const scale = Math.min(2, devicePixelRatio);
    Object.assign(this.#canvas, { width: width * scale, height: height * scale });
    this.#canvas.getContext("2d")!.scale(scale, scale);
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `what ${name} sees`);
  }

  get #size(): { readonly width: number; readonly height: number } {
    return this.#looks.size ?? DEFAULT_SIZE;
  }

  /** What the player's `input` is handed now. */
  device(): unknown {
    if (this.#isBot()) return undefined;
    return (this.#looks.device ?? plainDevice)(this.#held);
  }

  take(output: GameOutput<any>): void {
    this.#outputs.push(output);
    if (output.type !== "final") return;
    this.#hashes.set(output.chronos, output.stateHash ?? "none");
    this.#hashes.delete(output.chronos - KEPT_HASHES);
  }

  /** Forgets what was drawn for a match that is over. */
  begin(): void {
    this.#outputs = [];
    this.#hashes.clear();
    this.#local = {};
    this.#text.replaceChildren();
  }

  /** Draws what the peer sees. `finalTick` is the newest that is final at both. Throws what the game's drawing throws. */
  draw(peer: TestPeer, finalTick: number): void {
    const view = peer.session.view();
    const { width, height } = this.#size;
    const context = this.#canvas.getContext("2d")!;
    const { render, draw } = this.#looks;
    const isTextDue = this.#frames++ % TEXT_FRAMES === 0;
    if (render !== undefined) {
      const frame: Frame = {
        ...view,
        slot: peer.slot,
        outputs: this.#outputs,
        width,
        height,
        local: this.#local,
      };
      context.save();
      try {
        render(context, frame);
      } finally {
        context.restore();
      }
      this.#local = frame.local;
    } else if (draw !== undefined) {
      this.#canvas.hidden = true;
      if (isTextDue) this.#text.replaceChildren(terminalText(String(draw(view.current))));
    } else {
      this.#canvas.hidden = !drawPlaces(context, view.current, this.#size, this.#extent);
      if (isTextDue) this.#text.textContent = stateText(view.current);
    }
    this.#canvas.style.display = this.#canvas.hidden ? "none" : "";
    this.#outputs = [];
    if (isTextDue) this.#showFigures(peer, finalTick);
  }

  #showFigures(peer: TestPeer, finalTick: number): void {
    const { stats } = peer;
    const tickMs = 1000 / peer.session.identity.manifest.tickHz;
    const [link] = stats.links;
    const figures: readonly (readonly [name: string, value: string])[] = [
      ["tick", `${stats.tick}`],
      ["final", `${stats.finalTick}`],
      ["RTT", `${Math.round((link?.roundTripTicks ?? 0) * tickMs)} ms`],
      ["rollbacks", `${stats.rollbacks}`],
      ["deepest", `${stats.deepestRollbackTicks} ticks`],
      ["run again", `${stats.resimulatedTicks} ticks`],
      ["stalled", `${stats.stalledTicks} ticks`],
      ["input delay", `${stats.inputDelayTicks} ticks`],
      ["sent", `${(stats.bytesSent / Math.max(1, stats.tick)).toFixed(0)} bytes/tick`],
      [`hash of tick ${finalTick}`, `${this.#hashes.get(finalTick)?.slice(0, 8) ?? "none"}`],
    ];
    this.#figures.replaceChildren(
      ...figures.map(([name, value]) => {
        const entry = document.createElement("div");
        const term = document.createElement("dt");
        const definition = document.createElement("dd");
        term.textContent = name;
        definition.textContent = value;
        definition.dataset.figure = name.split(" of ")[0]!;
        entry.append(term, definition);
        return entry;
      }),
    );
  }
}
