import { BLOCK_BYTES, CHUNK_END, CHUNK_START, compressBlock, KEYED, ROOT } from "./blake3-block.js";
import { CHUNK_BYTES, hashTree } from "./blake3-tree.js";
import type { Hash } from "./brand.js";
import { ByteWriter, concatBytes } from "./bytes.js";
import { invariant } from "./invariant.js";
import { hashOfBytes, utf8Encode } from "./text.js";

const DIGEST_BYTES = 32;
/** What is copied rather than hashed where it is. */
const SHORT_BYTES = 320;
/** All of a chunk but its first block. */
export const MAX_REST_BYTES: number = CHUNK_BYTES - BLOCK_BYTES;

/** What BLAKE3 without a key starts from. */
export const INITIAL_WORDS: Int32Array = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** Used within one call only. */
const scratch = new ByteWriter(SHORT_BYTES);
/** What `hexOf` gave last: whoever asks for a hash as text mostly goes on to hash that hash. */
let lastHex: Hash | undefined;
const lastDigest = new Uint8Array(DIGEST_BYTES);
const digestWords = new Int32Array(8);

/** BLAKE3-256 with one key, or with none. */
export class Blake3 {
  /** The digest made last, as eight words, each little-endian. */
  readonly words: Int32Array = new Int32Array(8);
  readonly #keyWords: Int32Array;
  readonly #flags: number;

  /** `key` is 32 bytes. */
  constructor(key?: Uint8Array) {
    invariant(key === undefined || key.length === DIGEST_BYTES, "a key has 32 bytes");
    this.#keyWords = key === undefined ? INITIAL_WORDS : new Int32Array(8);
    this.#flags = key === undefined ? 0 : KEYED;
    if (key !== undefined) readWords(key, this.#keyWords);
  }

  /** Of all that the writer holds. */
  hash(message: ByteWriter): Uint8Array {
    const digest = new Uint8Array(DIGEST_BYTES);
    this.hashInto(digest, message);
    return digest;
  }

  /** As `hash`, into 32 bytes that are there, which allocates nothing for a short message. */
  hashInto(target: Uint8Array, message: ByteWriter): void {
    this.digest(message);
    writeWords(this.words, target);
  }

  /**
   * Appends that of a message whose first block is known: `first` is what `chainAfterFirst` gave for it, `rest` all
   * that follows, 1 to `MAX_REST_BYTES` bytes.
   */
  goOn(target: ByteWriter, first: Int32Array, rest: ByteWriter): void {
    invariant(rest.length > 0 && rest.length <= MAX_REST_BYTES, "the rest of a chunk is not empty");
    this.#blocks(first, rest, this.#flags);
    this.writeTo(target);
  }

  /** Appends the digest made last. */
  writeTo(target: ByteWriter): void {
    for (let i = 0; i < 8; i++) target.u32(this.words[i]!);
  }

  /** Of the first `length` bytes, as hex. */
  hexOf(bytes: Uint8Array, length: number = bytes.length): Hash {
    if (length > SHORT_BYTES) {
      hashTree(this.#keyWords, this.#flags, bytes.subarray(0, length), this.words);
      writeWords(this.words, lastDigest);
    } else {
      scratch.reset();
      scratch.copy(bytes, 0, length);
      this.hashInto(lastDigest, scratch);
    }
    lastHex = hashOfBytes(lastDigest);
    return lastHex;
  }

  /** As `hash`, into `words`, which allocates nothing for a short message. */
  digest(message: ByteWriter): void {
    if (message.length > CHUNK_BYTES) hashTree(this.#keyWords, this.#flags, message.view(), this.words);
    else this.#blocks(this.#keyWords, message, this.#flags | CHUNK_START);
  }

  /** The chaining value after the first 64 bytes of what the writer holds, which is at least so much. */
  chainAfterFirst(message: ByteWriter): Int32Array {
    invariant(message.length >= BLOCK_BYTES, "the first block is full");
    const chain = new Int32Array(8);
    compressBlock(this.#keyWords, chain, message.data, 0, BLOCK_BYTES, this.#flags | CHUNK_START, 0);
    return chain;
  }

  #blocks(before: Int32Array, message: ByteWriter, firstFlags: number): void {
    const { length } = message;
    const last = length === 0 ? 0 : Math.floor((length - 1) / BLOCK_BYTES) * BLOCK_BYTES;
    message.reserve(last + BLOCK_BYTES - length);
    const { buffer, data } = message;
    const end = last + BLOCK_BYTES;
    const nextWord = (length + 3) & ~3;
    for (let i = length; i < nextWord; i++) buffer[i] = 0;
    for (let i = nextWord; i < end; i += 4) data.setInt32(i, 0);
    let chain = before;
    let flags = firstFlags;
    for (let at = 0; at < last; at += BLOCK_BYTES) {
      compressBlock(chain, this.words, data, at, BLOCK_BYTES, flags, 0);
      chain = this.words;
      flags = this.#flags;
    }
    compressBlock(chain, this.words, data, last, length - last, flags | CHUNK_END | ROOT, 0);
  }
}

function readWords(bytes: Uint8Array, words: Int32Array): void {
  for (let i = 0; i < 8; i++) words[i] = wordAt(bytes, 4 * i);
}

function writeWords(words: Int32Array, target: Uint8Array): void {
  for (let i = 0; i < 8; i++) {
    const word = words[i]!;
    target[4 * i] = word;
    target[4 * i + 1] = word >> 8;
    target[4 * i + 2] = word >> 16;
    target[4 * i + 3] = word >> 24;
  }
}

/** Appends the 32 bytes of a hash. */
export function writeHash(writer: ByteWriter, hash: Hash): void {
  if (hash === lastHex) {
    writer.bytes(lastDigest);
    return;
  }
  writer.reserve(DIGEST_BYTES);
  for (let i = 0; i < 2 * DIGEST_BYTES; i += 2) {
    writer.buffer[writer.length++] = (digit(hash.charCodeAt(i)) << 4) | digit(hash.charCodeAt(i + 1));
  }
}

/** The value of a lowercase hex digit's character code. */
const digit = (code: number): number => (code < 0x3a ? code - 0x30 : code - 0x57);

/** 32 bits, little-endian. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

/** Without a key. */
export const plainBlake3: Blake3 = new Blake3();

/** BLAKE3-256 of the parts, one after the other, as 32 bytes. */
export const blake3Bytes = (...parts: readonly Uint8Array[]): Uint8Array => digestOf(INITIAL_WORDS, 0, parts);

/** BLAKE3-256 of the parts, one after the other, as hex. */
export const blake3Hash = (...parts: readonly Uint8Array[]): Hash => hashOfBytes(blake3Bytes(...parts));

/** Keyed BLAKE3-256; `key` is 32 bytes. */
export function blake3Keyed(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const words = new Int32Array(8);
  readWords(key, words);
  return digestOf(words, KEYED, parts);
}

function digestOf(key: Int32Array, flags: number, parts: readonly Uint8Array[]): Uint8Array {
  hashTree(key, flags, parts.length === 1 ? parts[0]! : concatBytes(...parts), digestWords);
  const digest = new Uint8Array(DIGEST_BYTES);
  writeWords(digestWords, digest);
  return digest;
}

const domains = new Map<string, { readonly key: Uint8Array; readonly hasher: Blake3 }>();

/**
 * BLAKE3-256 under a domain: keyed with the hash of the domain's name, so that digests made for different
 * purposes can never be taken for one another. `domain` is one of the project's own constant names.
 */
export const domainHasher = (domain: string): Blake3 => domainOf(domain).hasher;

/** Of the parts, one after the other, under a domain. */
export const domainHash = (domain: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  blake3Keyed(domainOf(domain).key, ...parts);

function domainOf(domain: string): { readonly key: Uint8Array; readonly hasher: Blake3 } {
  let found = domains.get(domain);
  if (found === undefined) {
    const key = blake3Bytes(concatBytes(utf8Encode("echo-net/1 ")!, utf8Encode(domain)!));
    found = { key, hasher: new Blake3(key) };
    domains.set(domain, found);
  }
  return found;
}
