/** A function that Lua calls: takes the calling state, returns how many results it pushed. */
export type HostFunction = (state: number) => number;

/** The part of a module's function table that is used. */
export interface FunctionTable {
  readonly length: number;
  grow(count: number): number;
  get(index: number): (...values: number[]) => unknown;
  set(index: number, value: unknown): void;
}

const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];
const I32 = 0x7f;

/**
 * A module that exports `count` functions of Lua's own form, each of which calls `h.h` with the state and its own
 * number: a table takes no others. `count` is at most 63, since every number is one byte.
 */
export function trampolines(count: number): Uint8Array {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 2, 0x60, 2, I32, I32, 1, I32, 0x60, 1, I32, 1, I32),
    ...longSection(2, [1, 1, 0x68, 1, 0x68, 0, 0]),
    ...longSection(3, [count, ...numbers.map(() => 1)]),
    ...longSection(7, [count, ...numbers.flatMap((index) => [2, 0x66, 0x40 + index, 0, index + 1])]),
    ...longSection(10, [count, ...numbers.flatMap((index) => [8, 0, 0x20, 0, 0x41, index, 0x10, 0, 0x0b])]),
  ]);
}

/** A section whose length may take two bytes. */
const longSection = (id: number, content: readonly number[]): number[] => [
  id,
  (content.length & 0x7f) | 0x80,
  content.length >> 7,
  ...content,
];

/** Name under which `trampolines` exports a function. */
export const trampolineName = (index: number): string => `f${String.fromCharCode(0x40 + index)}`;
