/**
 * The first byte of every node of a saved state. Each value has exactly one spelling, so that equal states have
 * equal bytes, which is what the state hash covers.
 *
 * | byte | node |
 * | --- | --- |
 * | 00–7f | the whole number −16 … 111 |
 * | 80–83 | null, undefined, false, true |
 * | 84–86 | int16, int32, double, little-endian |
 * | 87 | dictionary: keys × 2 + bare, then each key and its value |
 * | 88–89 | bigint from 0 up, below 0: its magnitude as hex text |
 * | 8a–8b | text: length and Latin-1 units, length and UTF-16 units |
 * | 8c | array: length, items |
 * | 8d | object of a shape met before: its number, values |
 * | 8e | object of a new shape: keys × 2 + bare, keys, values |
 * | 8f–90 | Map, Set: size, entries |
 * | 91–9b | typed array: length in elements, elements |
 * | a0–bf | Latin-1 text of 0 to 31 units |
 * | c0–df | object of shape 0 to 31 |
 * | e0–ff | array of 0 to 31 items |
 *
 * Lengths and numbers are varints; shapes are numbered as they are introduced, from 0 in each snapshot; `bare` is 1
 * for an object without a prototype.
 */
export const Tag = {
  smallestInteger: -16,
  largestInteger: 111,
  null: 0x80,
  undefined: 0x81,
  false: 0x82,
  true: 0x83,
  int16: 0x84,
  int32: 0x85,
  double: 0x86,
  dictionary: 0x87,
  bigint: 0x88,
  negativeBigint: 0x89,
  latin1: 0x8a,
  utf16: 0x8b,
  array: 0x8c,
  object: 0x8d,
  newShape: 0x8e,
  map: 0x8f,
  set: 0x90,
  typedArray: 0x91,
  shortLatin1: 0xa0,
  shortObject: 0xc0,
  shortArray: 0xe0,
} as const;
