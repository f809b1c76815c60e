import type { Hash } from "./brand.js";

const HEX_DIGITS = "0123456789abcdef";
const DIGIT_CODES: Uint8Array = Uint8Array.from(HEX_DIGITS, (digit) => digit.charCodeAt(0));
const HEX_OF_BYTE: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `${HEX_DIGITS[byte >> 4]}${HEX_DIGITS[byte & 15]}`,
);

export function toHex(bytes: Uint8Array): string {
  const { length } = bytes;
  let hex = "";
  let at = 0;
  for (; at + 8 <= length; at += 8) hex += hexOfEight(bytes, at);
  for (; at < length; at++) hex += HEX_OF_BYTE[bytes[at]!];
  return hex;
}

/** One call for eight bytes: what is made at once need not be joined when it is first looked at. */
const hexOfEight = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(
    highDigit(bytes[at]!),
    lowDigit(bytes[at]!),
    highDigit(bytes[at + 1]!),
    lowDigit(bytes[at + 1]!),
    highDigit(bytes[at + 2]!),
    lowDigit(bytes[at + 2]!),
    highDigit(bytes[at + 3]!),
    lowDigit(bytes[at + 3]!),
    highDigit(bytes[at + 4]!),
    lowDigit(bytes[at + 4]!),
    highDigit(bytes[at + 5]!),
    lowDigit(bytes[at + 5]!),
    highDigit(bytes[at + 6]!),
    lowDigit(bytes[at + 6]!),
    highDigit(bytes[at + 7]!),
    lowDigit(bytes[at + 7]!),
  );

const highDigit = (byte: number): number => DIGIT_CODES[byte >> 4]!;
const lowDigit = (byte: number): number => DIGIT_CODES[byte & 15]!;

/** The bytes of an even number of lowercase hex digits, or undefined for any other text. */
export function fromHex(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = HEX_DIGITS.indexOf(hex[2 * i]!);
    const low = HEX_DIGITS.indexOf(hex[2 * i + 1]!);
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

export const hashOfBytes = (bytes: Uint8Array): Hash => toHex(bytes) as Hash;

/** UTF-8 of well-formed text, or undefined where a surrogate stands alone. */
export function utf8Encode(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length * 3);
  const length = utf8Write(text, bytes, 0);
  return length < 0 ? undefined : bytes.slice(0, length);
}

/** Writes UTF-8 at `offset` (3 bytes a code unit must be free); the new offset, or −1 for a lone surrogate. */
export function utf8Write(text: string, target: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      target[at++] = code;
      continue;
    }
    if (code < 0x800) {
      target[at++] = 0xc0 | (code >> 6);
    } else {
      if (code >= 0xd800 && code <= 0xdfff) {
        const low = text.charCodeAt(i + 1);
        if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return -1;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
        target[at++] = 0xf0 | (code >> 18);
        target[at++] = 0x80 | ((code >> 12) & 63);
      } else {
        target[at++] = 0xe0 | (code >> 12);
      }
      target[at++] = 0x80 | ((code >> 6) & 63);
    }
    target[at++] = 0x80 | (code & 63);
  }
  return at;
}

/** The text of `[start, end)`, or the offset of the first byte that is not well-formed UTF-8 (RFC 3629). */
export function utf8Decode(bytes: Uint8Array, start = 0, end: number = bytes.length): string | number {
  let text = "";
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      at++;
      continue;
    }
    const extra = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || at + extra >= end) return at;
    let code = lead & (0x3f >> extra);
    for (let i = 1; i <= extra; i++) {
      const next = bytes[at + i]!;
      if ((next & 0xc0) !== 0x80) return at;
      code = (code << 6) | (next & 63);
    }
    const tooLong = extra === 2 ? code < 0x800 : extra === 3 && code < 0x10000;
    if (tooLong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return at;
    text += String.fromCodePoint(code);
    at += extra + 1;
  }
  return text;
}

/** Controls, line separators, and marks that turn the direction of what follows. */
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

/** Whether a text can stand in a message on a terminal. */
export const isShowable = (text: string): boolean => !UNSHOWABLE.test(text);
