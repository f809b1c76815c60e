import { blake3 } from "@noble/hashes/blake3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteWriter, concatBytes } from "./bytes.js";
import { Blake3, blake3Bytes, blake3Hash, blake3Keyed, domainHash, MAX_REST_BYTES } from "./hash.js";
import { toHex } from "./text.js";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("BLAKE3", () => {
  test.each([
    ["", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"],
    ["abc", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"],
    ["IETF", "83a2de1ee6f4e6ab686889248f4ec0cf4cc5709446a682ffd1cbb4d6165181e2"],
  ])("EN-166 the digest of %j is the known one", (text, digest) => {
    expect(blake3Hash(ascii(text))).toBe(digest);
  });

  test("EN-166 hash and keyed hash agree with a second implementation, however the input is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 4 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (parts, key) => {
          const whole = concatBytes(...parts);
          expect(toHex(blake3Bytes(...parts))).toBe(toHex(blake3(whole)));
          expect(toHex(blake3Keyed(key, ...parts))).toBe(toHex(blake3(whole, { key })));
        },
      ),
      { seed: 1661, numRuns: 200 },
    );
  });

  test("EN-166 a tree of any number of chunks gives the same digest, with and without a key", () => {
    const key = new Uint8Array(32).map((_, i) => 11 * i + 5);
    const chunks = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100];
    for (const length of chunks.flatMap((count) => [-1, 0, 1, 65].map((more) => 1024 * count + more))) {
      const message = new Uint8Array(length + 3).map((_, i) => (i >> 8) ^ (13 * i)).subarray(3);
      expect(blake3Hash(message), `${length} bytes`).toBe(toHex(blake3(message)));
      expect(new Blake3(key).hexOf(message), `${length} bytes`).toBe(toHex(blake3(message, { key })));
    }
  });

  test("EN-166 what a writer holds gives the same digest at every length, short or long, with and without a key", () => {
    const key = new Uint8Array(32).map((_, i) => 7 * i + 1);
    const [plain, keyed] = [new Blake3(), new Blake3(key)];
    const writer = new ByteWriter(1);
    for (let length = 0; length <= 1_100; length++) {
      const message = new Uint8Array(length).map((_, i) => 31 * i + length);
      writer.reset();
      writer.bytes(message);
      expect(toHex(plain.hash(writer))).toBe(toHex(blake3(message)));
      expect(toHex(keyed.hash(writer))).toBe(toHex(blake3(message, { key })));
      expect(writer.finish()).toEqual(message);
    }
  });

  test("EN-166 a message whose first block is known gives the same digest, however long its rest", () => {
    const head = new Uint8Array(70).map((_, i) => 3 * i);
    const writer = new ByteWriter();
    writer.bytes(head);
    for (const hasher of [new Blake3(), new Blake3(new Uint8Array(32).fill(9))]) {
      const first = hasher.chainAfterFirst(writer);
      for (let length = 1; length <= MAX_REST_BYTES; length += 13) {
        const rest = new ByteWriter();
        rest.bytes(new Uint8Array(length).map((_, i) => 5 * i + length));
        const digest = new ByteWriter();
        hasher.goOn(digest, first, rest);
        const whole = new ByteWriter();
        whole.bytes(head.subarray(0, 64));
        whole.bytes(rest.finish());
        expect(toHex(digest.finish())).toBe(toHex(hasher.hash(whole)));
      }
    }
  });

  test("EN-166 a keyed hash uses the key of this call, not of the one before", () => {
    const first = new Uint8Array(32).fill(1);
    const second = new Uint8Array(32).fill(2);
    const expected = toHex(blake3(ascii("x"), { key: first }));
    expect(toHex(blake3Keyed(first, ascii("x")))).toBe(expected);
    expect(toHex(blake3Keyed(second, ascii("x")))).not.toBe(expected);
    expect(toHex(blake3Keyed(first, ascii("x")))).toBe(expected);
  });

  test('EN-167 a domain is the key hash("echo-net/1 " + domain)', () => {
    for (const domain of ["node", "session", "match"]) {
      const key = blake3(ascii(`echo-net/1 ${domain}`));
      expect(toHex(domainHash(domain, ascii("a"), ascii("bc")))).toBe(toHex(blake3(ascii("abc"), { key })));
    }
    expect(toHex(domainHash("node", ascii("a")))).not.toBe(toHex(domainHash("match", ascii("a"))));
  });

  test("a digest is the caller's own, untouched by the next", () => {
    const first = blake3Bytes(ascii("first"));
    const copy = first.slice();
    blake3Bytes(ascii("second"));
    expect(first).toEqual(copy);
  });
});
