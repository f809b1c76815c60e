import type { ByteWriter } from "../base/bytes.js";
import { invariant } from "../base/invariant.js";
import { MAX_SEALED_BYTES, SEAL_HEAD_BYTES, SEAL_TAG_BYTES } from "../wire/limits.js";
import type { ChannelRefusal } from "../wire/refusal.js";
import { ReplayWindow } from "./replay-window.js";
import { TagMaker } from "./tag.js";

/** First byte of a datagram of a running match. */
export const MATCH_DATAGRAM = 0x08;

export interface ChannelKeys {
  /** 32 bytes, for what this side sends. */
  readonly send: Uint8Array;
  /** 32 bytes, for what the other side sends. */
  readonly receive: Uint8Array;
}

/**
 * One end of the link between two peers: seals what goes out, opens what comes in. A datagram is its type, the
 * low 16 bits of its sequence number, a body, and 8 bytes of keyed BLAKE3 over all of these and the full number.
 * One that does not verify costs one hash and changes nothing.
 */
export class SealedChannel {
  /** Where the body of the datagram that was opened last lies in it. */
  readonly bodyStart: number = SEAL_HEAD_BYTES;
  bodyEnd = 0;
  readonly #send: TagMaker;
  readonly #receive: TagMaker;
  readonly #window = new ReplayWindow();
  #sequence = 1;

  constructor(keys: ChannelKeys) {
    this.#send = new TagMaker(keys.send);
    this.#receive = new TagMaker(keys.receive);
  }

  /** How many datagrams the other side had sent by the newest that arrived. */
  get owed(): number {
    return this.#window.highest;
  }

  /** Starts a datagram in the writer, which it empties. The caller appends the body, then calls `finish`. */
  begin(writer: ByteWriter): void {
    writer.reset();
    writer.u8(MATCH_DATAGRAM);
    writer.u16(this.#sequence % 0x1_0000);
  }

  /** Appends the tag. What it returns is a view of the writer, valid until the writer's next use. */
  finish(writer: ByteWriter): Uint8Array {
    invariant(writer.length + SEAL_TAG_BYTES <= MAX_SEALED_BYTES, "a datagram keeps its bound");
    const end = writer.length;
    // The number stands where the tag will, so that what is hashed is in one piece.
    this.#send.makeIn(writer, this.#sequence++);
    writer.length = end;
    writer.u32(this.#send.words[0]!);
    writer.u32(this.#send.words[1]!);
    return writer.view();
  }

  /** Verifies a datagram; undefined means that its body may be read, between `bodyStart` and `bodyEnd`. */
  open(datagram: Uint8Array): ChannelRefusal | undefined {
    const end = datagram.length - SEAL_TAG_BYTES;
    if (end < SEAL_HEAD_BYTES || datagram.length > MAX_SEALED_BYTES) return "length";
    if (datagram[0] !== MATCH_DATAGRAM) return "type";
    const sequence = this.#window.expand(datagram[1]! + 256 * datagram[2]!);
    const refusal = this.#window.refuses(sequence);
    if (refusal !== undefined) return refusal;
    this.#receive.make(datagram, end, sequence);
    if (!this.#receive.matches(datagram, end)) return "tag";
    this.#window.mark(sequence);
    this.bodyEnd = end;
    return undefined;
  }
}
