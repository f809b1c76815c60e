import type { Slot } from "../base/brand.js";
import { invariant } from "../base/invariant.js";
import type { Fragment, FragmentAck } from "./frame.js";
import { FRAGMENT_BYTES, MAX_FRAGMENTS, MAX_FRAME_FRAGMENTS } from "./limits.js";

/** Slot, tick, index, total and length before the bytes of a fragment, at most. */
const FRAGMENT_HEAD_BYTES = 10;

/** One slot's tick on its way to one peer. */
interface Sending {
  readonly slot: Slot;
  readonly tick: number;
  readonly encoded: Uint8Array;
  /** By part: when it was sent last, in the caller's ticks; −Infinity for not yet, Infinity once it has arrived. */
  readonly sentAt: number[];
}

/** Names a slot's tick by one number. */
export const fragmentKey = (slot: Slot, tick: number): number => slot * 0x1_0000_0000 + tick;

/** Sends slot-ticks that are too long for a run to one peer, part by part, until each part is acknowledged. */
export class FragmentSender {
  readonly #sending = new Map<number, Sending>();
  /** Parts that went again. */
  repeated = 0;

  /** How many slot-ticks are under way. */
  get size(): number {
    return this.#sending.size;
  }

  /** `encoded` is what `RunCodec.writeContent` wrote; it is kept, not copied. */
  add(slot: Slot, tick: number, encoded: Uint8Array): void {
    const total = Math.ceil(encoded.length / FRAGMENT_BYTES);
    invariant(total >= 1 && total <= MAX_FRAGMENTS, "a slot's tick has 1 to 64 parts");
    const sentAt = new Array<number>(total).fill(Number.NEGATIVE_INFINITY);
    this.#sending.set(fragmentKey(slot, tick), { slot, tick, encoded, sentAt });
  }

  has(slot: Slot, tick: number): boolean {
    return this.#sending.has(fragmentKey(slot, tick));
  }

  /** Takes note of parts that have arrived; what was never sent is ignored. */
  acknowledge(ack: FragmentAck): void {
    const sending = this.#sending.get(fragmentKey(ack.slot, ack.tick));
    if (sending === undefined) return;
    for (let part = 0; part < sending.sentAt.length; part++) {
      if (hasPart(ack.low, ack.high, part)) sending.sentAt[part] = Number.POSITIVE_INFINITY;
    }
  }

  /** The peer holds everything of this slot up to `tick`. */
  forget(slot: Slot, tick: number): void {
    for (const [key, sending] of this.#sending) {
      if (sending.slot === slot && sending.tick <= tick) this.#sending.delete(key);
    }
  }

  /**
   * Appends the parts that are due to a frame's list, oldest first, within `budget` bytes: those never sent, and
   * those sent `resendTicks` or more before `now` (a round trip) without an acknowledgement. True where a part that
   * is due found no room.
   */
  fill(fragments: Fragment[], now: number, resendTicks: number, budget: number): boolean {
    let room = budget;
    for (const { slot, tick, encoded, sentAt } of this.#sending.values()) {
      for (let index = 0; index < sentAt.length; index++) {
        if (now - sentAt[index]! < resendTicks) continue;
        const bytes = encoded.subarray(index * FRAGMENT_BYTES, (index + 1) * FRAGMENT_BYTES);
        room -= FRAGMENT_HEAD_BYTES + bytes.length;
        if (room < 0 || fragments.length === MAX_FRAME_FRAGMENTS) return true;
        if (sentAt[index]! >= 0) this.repeated++;
        sentAt[index] = now;
        fragments.push({ slot, tick, index, total: sentAt.length, bytes });
      }
    }
    return false;
  }
}

/** Whether bit `part` (0 … 63) is set. */
export const hasPart = (low: number, high: number, part: number): boolean =>
  ((part < 32 ? low >>> part : high >>> (part - 32)) & 1) !== 0;
