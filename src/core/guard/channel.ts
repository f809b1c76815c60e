import { ByteWriter } from "../base/bytes.js";
import { blake3Keyed } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { MAX_SEALED_BYTES, SEAL_HEAD_BYTES, SEAL_TAG_BYTES } from "../wire/limits.js";
import type { ChannelRefusal } from "../wire/refusal.js";
import { ReplayWindow } from "./replay-window.js";

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
  readonly #keys: ChannelKeys;
  readonly #window = new ReplayWindow();
  readonly #tagged = new ByteWriter(MAX_SEALED_BYTES);
  #sequence = 1;

  constructor(keys: ChannelKeys) {
    this.#keys = keys;
  }

  /** Starts a datagram in the writer, which it empties. The caller appends the body, then calls `finish`. */
  begin(writer: ByteWriter): void {
    writer.reset();
    writer.u8(MATCH_DATAGRAM);
    writer.u16(this.#sequence % 0x1_0000);
  }

  /** Appends the tag. What it returns is a view of the writer, valid until the writer's next use. */
  finish(writer: ByteWriter): Uint8Array {
    const end = writer.length;
    invariant(end + SEAL_TAG_BYTES <= MAX_SEALED_BYTES, "a datagram keeps its bound");
    // The number stands where the tag will, so that one piece is hashed.
    writeSequence(writer, this.#sequence++);
    const tag = blake3Keyed(this.#keys.send, writer.view());
    writer.buffer.set(tag.subarray(0, SEAL_TAG_BYTES), end);
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
    const tagged = this.#tagged;
    tagged.reset();
    tagged.bytes(datagram);
    tagged.length = end;
    writeSequence(tagged, sequence);
    const tag = blake3Keyed(this.#keys.receive, tagged.view());
    let difference = 0;
    for (let i = 0; i < SEAL_TAG_BYTES; i++) difference |= tag[i]! ^ datagram[end + i]!;
    if (difference !== 0) return "tag";
    this.#window.mark(sequence);
    this.bodyEnd = end;
    return undefined;
  }
}

/** 8 bytes, little-endian. */
function writeSequence(writer: ByteWriter, sequence: number): void {
  writer.u32(sequence % 0x1_0000_0000);
  writer.u32(Math.floor(sequence / 0x1_0000_0000));
}
