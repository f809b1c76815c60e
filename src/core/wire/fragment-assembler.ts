import type { Slot } from "../base/brand.js";
import { ByteReader, equalBytes } from "../base/bytes.js";
import type { TickContent } from "../envelope/content.js";
import { fragmentKey, hasPart } from "./fragment-sender.js";
import type { Fragment, FragmentAck } from "./frame.js";
import { FRAGMENT_BYTES, MAX_ASSEMBLY_BYTES, MAX_FRAME_FRAGMENT_ACKS, MAX_UNACKED_TICKS } from "./limits.js";
import type { TransportRefusal } from "./refusal.js";
import type { RunCodec } from "./run.js";

/** One slot's tick of which parts have arrived. */
interface Assembly {
  readonly slot: Slot;
  readonly tick: number;
  readonly total: number;
  readonly buffer: Uint8Array;
  /** Known once the last part is there. */
  length: number;
  /** What it counts against the bound. */
  readonly charged: number;
  arrived: number;
  low: number;
  high: number;
  ackDue: boolean;
  /** All parts are there and make sense, or why they make none; undefined while some are missing. */
  outcome: "whole" | TransportRefusal | undefined;
}

/** Puts together the slot-ticks that one peer sends in parts, in bounded memory. */
export class FragmentAssembler {
  readonly #runs: RunCodec;
  readonly #assemblies = new Map<number, Assembly>();
  readonly #reader = new ByteReader();
  #bytes = 0;

  constructor(runs: RunCodec) {
    this.#runs = runs;
  }

  /** Bytes held for this peer: at most `MAX_ASSEMBLY_BYTES`, and `MAX_DUE_BYTES` of the ticks that are due. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes in one part, in any order and however often it comes. Copies its bytes. The receiver holds every tick of
   * the slot up to `heldTick`: a part of those says nothing new.
   */
  accept(fragment: Fragment, heldTick: number): TransportRefusal | undefined {
    const { slot, tick, index, total, bytes } = fragment;
    if (tick <= heldTick) return undefined;
    if (tick > heldTick + MAX_UNACKED_TICKS) return "ahead";
    const key = fragmentKey(slot, tick);
    let assembly = this.#assemblies.get(key);
    if (assembly === undefined) {
      // The length of a single part is known; of several, no more than that all may be full.
      const charged = total === 1 ? bytes.length : total * FRAGMENT_BYTES;
      // The tick that is due always finds room, or those behind it could keep it out for ever.
      if (tick > heldTick + 1 && this.#bytes + charged > MAX_ASSEMBLY_BYTES) return "overload";
      assembly = startAssembly(fragment, charged);
      this.#assemblies.set(key, assembly);
      this.#bytes += charged;
    }
    if (assembly.total !== total) return "conflict";
    assembly.ackDue = true;
    const start = index * FRAGMENT_BYTES;
    if (hasPart(assembly.low, assembly.high, index)) {
      const end = index === total - 1 ? assembly.length : start + FRAGMENT_BYTES;
      return equalBytes(assembly.buffer.subarray(start, end), bytes) ? undefined : "conflict";
    }
    assembly.buffer.set(bytes, start);
    if (index < 32) assembly.low = (assembly.low | (1 << index)) >>> 0;
    else assembly.high = (assembly.high | (1 << (index - 32))) >>> 0;
    if (index === total - 1) assembly.length = start + bytes.length;
    assembly.arrived++;
    if (assembly.arrived < total) return undefined;
    const content = this.#read(assembly);
    assembly.outcome = typeof content === "string" ? content : "whole";
    return typeof content === "string" ? content : undefined;
  }

  #read(assembly: Assembly): TickContent | TransportRefusal {
    this.#reader.open(assembly.buffer, 0, assembly.length);
    return this.#runs.readContent(this.#reader);
  }

  /** Whether all parts of a slot's tick have arrived and make sense. */
  isWhole(slot: Slot, tick: number): boolean {
    return this.#assemblies.get(fragmentKey(slot, tick))?.outcome === "whole";
  }

  /**
   * A slot's tick of which all parts have arrived; undefined where some are missing or they make no sense. Read
   * again at each call, since events take more memory than the bytes that are counted.
   */
  content(slot: Slot, tick: number): TickContent | undefined {
    const assembly = this.#assemblies.get(fragmentKey(slot, tick));
    if (assembly?.outcome !== "whole") return undefined;
    const content = this.#read(assembly);
    return typeof content === "string" ? undefined : content;
  }

  /** The receiver holds everything of this slot up to `tick`: its parts are let go. */
  forget(slot: Slot, tick: number): void {
    for (const [key, assembly] of this.#assemblies) {
      if (assembly.slot !== slot || assembly.tick > tick) continue;
      this.#bytes -= assembly.charged;
      this.#assemblies.delete(key);
    }
  }

  /** Appends what is to be acknowledged to a frame's list: the slot-ticks of which parts came since the last time. */
  fillAcks(acks: FragmentAck[]): void {
    if (this.#assemblies.size === 0) return;
    for (const assembly of this.#assemblies.values()) {
      if (!assembly.ackDue) continue;
      if (acks.length === MAX_FRAME_FRAGMENT_ACKS) return;
      assembly.ackDue = false;
      acks.push({ slot: assembly.slot, tick: assembly.tick, low: assembly.low, high: assembly.high });
    }
  }
}

function startAssembly({ slot, tick, total }: Fragment, charged: number): Assembly {
  return {
    slot,
    tick,
    total,
    buffer: new Uint8Array(charged),
    length: 0,
    charged,
    arrived: 0,
    low: 0,
    high: 0,
    ackDue: false,
    outcome: undefined,
  };
}
