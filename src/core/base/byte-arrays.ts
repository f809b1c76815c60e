/** Up to here a loop copies faster than a call of the platform. */
const SHORT_COPY_BYTES = 64;

/** Copies bytes `start` to `end` of one array to `at` in another. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  const count = end - start;
  if (count <= SHORT_COPY_BYTES) for (let i = 0; i < count; i++) target[at + i] = source[start + i]!;
  else target.set(count === source.length ? source : source.subarray(start, end), at);
}

/** From here on looking at words is faster than looking at bytes. */
const LONG_BYTES = 256;

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  let at = 0;
  if (a.length >= LONG_BYTES && a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0) {
    const words = a.length >> 2;
    if (
      !equalWords(
        new Int32Array(a.buffer, a.byteOffset, words),
        new Int32Array(b.buffer, b.byteOffset, words),
      )
    ) {
      return false;
    }
    at = words * 4;
  }
  for (; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function equalWords(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
