import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { BUNDLE_PART_BYTES, MAX_PARTS_PER_ADDRESS, MAX_PARTS_PER_UPDATE } from "../wire/limits.js";
import type { Address } from "../wire/transport.js";
import { COOKIE_BYTES } from "./cookie.js";

/** The body of a FETCH: which part of the bundle is asked for, counted from 0. */
export interface FetchQuestion {
  readonly cookie: Uint8Array;
  readonly part: number;
}

export const readFetch = (reader: ByteReader): FetchQuestion => ({
  cookie: reader.bytes(COOKIE_BYTES).slice(),
  part: reader.u16(),
});

export function writeFetch(writer: ByteWriter, { cookie, part }: FetchQuestion): void {
  writer.bytes(cookie);
  writer.u16(part);
}

/**
 * Hands a game's bundle out in parts: so many between two updates, and so many of them to one address, that nobody who
 * fetches leaves nothing for others. Remembers nothing from one update to the next.
 */
export class BundleDesk {
  readonly #bundle: Uint8Array;
  readonly #given = new Map<Address, number>();
  #total = 0;

  constructor(bundle: Uint8Array) {
    this.#bundle = bundle;
  }

  /** The next update has begun. */
  renew(): void {
    this.#given.clear();
    this.#total = 0;
  }

  /** Hands the body of a PART to `send`, or says why there is none. */
  take(
    to: Address,
    part: number,
    send: (body: (writer: ByteWriter) => void) => void,
  ): "form" | "busy" | undefined {
    const bytes = this.#bundle.subarray(part * BUNDLE_PART_BYTES, (part + 1) * BUNDLE_PART_BYTES);
    if (bytes.length === 0) return "form";
    const given = this.#given.get(to) ?? 0;
    if (this.#total === MAX_PARTS_PER_UPDATE || given === MAX_PARTS_PER_ADDRESS) return "busy";
    this.#total++;
    this.#given.set(to, given + 1);
    send((writer) => {
      writer.u16(part);
      writer.u32(this.#bundle.length);
      writer.bytes(bytes);
    });
    return undefined;
  }
}
