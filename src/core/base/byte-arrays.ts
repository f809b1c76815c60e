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

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
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
