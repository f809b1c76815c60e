const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const NO_DIGIT = 255;
/** What a digit stands for, by its character code. */
const VALUES: Uint8Array = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/** Base64 with `-` and `_`, without padding (RFC 4648 §5): text that survives being pasted anywhere. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += DIGITS[(held >> (bits - 6)) & 63];
  }
  return bits === 0 ? text : text + DIGITS[(held << (6 - bits)) & 63];
}

/** The bytes of such a text, or undefined where it is none or not the one spelling of its bytes. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? NO_DIGIT;
    if (value === NO_DIGIT) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = held >> bits;
    }
  }
  // A whole digit that adds no byte, or bits that say nothing but are set.
  if (bits >= 6 || (held & ((1 << bits) - 1)) !== 0) return undefined;
  return bytes;
}
