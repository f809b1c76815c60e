import { invariant } from "../base/invariant.js";
import type { Inbox } from "../bridge/inbox.js";
import type { TickContent } from "../envelope/content.js";
import type { Run } from "../wire/run.js";
import type { FragmentTraffic } from "./fragment-traffic.js";
import type { Link } from "./link.js";

/** Takes runs into the inboxes: each tick once and in order, whole, whoever tells it and in however many parts. */
export class RunIntake {
  readonly #inboxes: readonly Inbox[];
  readonly #fragments: FragmentTraffic;
  /** Scratch: what is offered to an inbox, by number of the slot among its peer's. */
  readonly #offered: TickContent[] = [];
  readonly #offeredAt = (index: number): TickContent => this.#offered[index]!;

  /** `inboxes` by peer. */
  constructor(inboxes: readonly Inbox[], fragments: FragmentTraffic) {
    this.#inboxes = inboxes;
    this.#fragments = fragments;
  }

  /** Takes in what came over a link of a peer's ticks, up to the first that is not all there. Tells the new ones. */
  take(link: Link, peer: number, run: Run, observer: { learned(peer: number, tick: number): void }): void {
    const inbox = this.#inboxes[peer]!;
    for (let i = 0; i < run.count; i++) {
      const tick = run.base + 1 + i;
      // Ticks that are known already matter only where they say something else now.
      const known = tick <= inbox.seal;
      if (!known && !this.#complete(inbox, run, i)) return;
      if (known && (i < run.knownFrom || this.#repeatsKnown(inbox, run, i))) continue;
      for (let index = 0; index < inbox.slots.length; index++) {
        this.#offered[index] = this.#contentIn(inbox, run, index, i);
      }
      const offer = inbox.offer(tick, this.#offeredAt);
      if (offer === "new") {
        this.#fragments.entered(peer, tick);
        observer.learned(peer, tick);
      }
      if (offer === "contradiction") link.refusals.conflict++;
      else if (offer === "too-far") link.refusals.ahead++;
      if (offer === "gap" || offer === "too-far") return;
    }
  }

  /** Whether a known tick came again as it is held: decoding then gives the very objects. */
  #repeatsKnown(inbox: Inbox, run: Run, i: number): boolean {
    const tick = run.base + 1 + i;
    for (let index = 0; index < inbox.slots.length; index++) {
      const content = run.contents[index]![i];
      if (content === undefined || content !== inbox.content(index, tick)) return false;
    }
    return true;
  }

  #complete(inbox: Inbox, run: Run, i: number): boolean {
    const tick = run.base + 1 + i;
    for (let index = 0; index < inbox.slots.length; index++) {
      if (run.contents[index]![i] !== undefined) continue;
      if (!this.#fragments.isAssembled(inbox.slots[index]!, tick)) return false;
    }
    return true;
  }

  #contentIn(inbox: Inbox, run: Run, index: number, i: number): TickContent {
    const tick = run.base + 1 + i;
    const content =
      run.contents[index]![i] ??
      this.#fragments.assembled(inbox.slots[index]!, tick) ??
      inbox.content(index, tick);
    invariant(content !== undefined, "a tick is offered once all of it is there");
    return content;
  }
}
