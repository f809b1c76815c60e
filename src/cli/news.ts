import type { Output, RefusedOutput } from "../core/session/outputs.js";
import { faultWords } from "../testing/fault-words.js";
import { oneLine } from "./exit.js";
import { placeOf } from "./place.js";

/** Told one by one; of what is more, only that there is. */
const TOLD_MAX = 8;
/** What is kept apart: games may put anything into what they throw. */
const KEPT_MAX = 64;

interface Item {
  readonly chronos: number;
  /** How often, by the peer that said so. */
  readonly times: Map<number, number>;
}

/** What a person must know of a match: each thing once, with its first tick and how often it came. */
export class News {
  readonly #items = new Map<string, Item>();
  #more = 0;

  /** Takes what a peer put out. A line to say at once, where it is news. */
  take(output: Output, peer = 0): string | undefined {
    if (output.type === "peer") return peerWords(output.slot, output.status);
    const told = wordsOfNews(output);
    if (told === undefined) return undefined;
    const { chronos, text } = told;
    const item = this.#items.get(text);
    if (item !== undefined) {
      item.times.set(peer, (item.times.get(peer) ?? 0) + 1);
      return undefined;
    }
    if (this.#items.size >= KEPT_MAX) {
      this.#more++;
      return undefined;
    }
    this.#items.set(text, { chronos, times: new Map([[peer, 1]]) });
    return this.#items.size > TOLD_MAX ? undefined : `tick ${chronos}: ${text}`;
  }

  /** Everything, a line each. */
  get lines(): readonly string[] {
    const lines = [...this.#items].slice(0, TOLD_MAX).map(([text, { chronos, times }]) => {
      // Peers that run the same ticks tell of the same things.
      const most = Math.max(...times.values());
      return most === 1 ? `tick ${chronos}: ${text}` : `${text}; ${most} times, first in tick ${chronos}`;
    });
    const left = this.#more + this.#items.size - lines.length;
    return left > 0 ? [...lines, `and ${left} more of the kind`] : lines;
  }
}

interface Told {
  readonly chronos: number;
  readonly text: string;
}

function wordsOfNews(output: Output): Told | undefined {
  switch (output.type) {
    case "desync": {
      const { chronos, slot, local, remote } = output;
      return { chronos, text: `the state differs from slot ${slot}'s (${local} here, ${remote} there)` };
    }
    case "fault": {
      const { chronos, where, error } = output;
      return { chronos, text: oneLine(faultWords(where, error)) + placeOf(error) };
    }
    case "refused":
      return refusalWords(output);
    default:
      return undefined;
  }
}

/** Rival claims and late events are part of the game; everything else is a mistake of whoever emits. */
function refusalWords({ envelope, reason, hint }: RefusedOutput): Told | undefined {
  if (reason === "paradox" || reason === "late") return undefined;
  const { kind, slot, chronos } = envelope;
  return { chronos, text: oneLine(`${kind} of slot ${slot} is refused: ${hint ?? reason}`) };
}

function peerWords(slot: number, status: Extract<Output, { type: "peer" }>["status"]): string {
  switch (status) {
    case "connected":
      return `slot ${slot} is back`;
    case "away":
      return `slot ${slot} plays on in a page that is hidden`;
    case "interrupted":
      return `nothing is heard of slot ${slot}; waiting`;
    case "lost":
      return `slot ${slot} is lost`;
    case "left":
      return `slot ${slot} leaves`;
  }
}
