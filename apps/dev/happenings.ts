import type { GameOutput } from "echo-net";
import type { TestPeer } from "echo-net/testing";
import { placeOf, placeWords, wordsOf } from "./overlay.js";

const MOST_LINES = 20;

/** What a person must know of the match, each thing once, the newest first. */
export class Happenings {
  readonly #list: HTMLElement;
  readonly #items = new Map<string, { readonly line: HTMLElement; times: number }>();
  /** What was remarked on. */
  readonly #subjects = new Set<string>();

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  clear(): void {
    this.#items.clear();
    this.#subjects.clear();
    this.#list.replaceChildren();
  }

  /** Takes what a peer's session told. */
  take(player: string, output: GameOutput<any>): void {
    switch (output.type) {
      case "fault": {
        const { where, error, chronos } = output;
        this.#tell(`${player}, ${where}: ${wordsOf(error)}`, chronos, placeOf(error));
        return;
      }
      case "desync":
        this.#tell(`${player}: the state differs from the other player's`, output.chronos);
        return;
      case "refused": {
        const { envelope, reason, hint } = output;
        // Rival claims and late events are part of the game.
        if (reason === "paradox" || reason === "late") return;
        this.#tell(`${player}: ${envelope.kind} is refused: ${hint ?? reason}`, envelope.chronos);
        return;
      }
      case "ended":
        this.#tell(`${player}: the match ended (${output.reason})`, output.chronos);
    }
  }

  /** Takes what the game remarks on its state in a tick: what is about the same is told once. */
  remark({ subject, text }: TestPeer["remarks"][number], chronos: number): void {
    if (!this.#subjects.has(subject)) this.#tell(text, chronos);
    this.#subjects.add(subject);
  }

  /** Takes what looks like a slip in the game's scripts. */
  hint(text: string): void {
    this.#tell(text);
  }

  #tell(text: string, chronos?: number, place?: ReturnType<typeof placeOf>): void {
    const known = this.#items.get(text);
    if (known !== undefined) {
      known.times++;
      known.line.dataset.times = `${known.times}`;
      return;
    }
    if (this.#items.size >= MOST_LINES) return;
    const line = document.createElement("li");
    line.textContent = chronos === undefined ? text : `tick ${chronos}: ${text}`;
    this.#items.set(text, { line, times: 1 });
    this.#list.prepend(line);
    void place?.then((found) => {
      if (found !== undefined) line.append(` (${placeWords(found)})`);
    });
  }
}
