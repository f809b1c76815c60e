/** Value types as modules spell them. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

const LETTERS: Readonly<Record<string, number>> = { i: I32, I: I64, f: F32, F: F64, v: V128 };

/** A type from its letters, `iI>f`: i and I are integers of 32 and 64 bits, f and F floats, v a vector. */
export function typeOfLetters(letters: string): FunctionType {
  const [params, results] = letters.split(">");
  return { params: Array.from(params!, typeOfLetter), results: Array.from(results!, typeOfLetter) };
}

const typeOfLetter = (letter: string): number => LETTERS[letter]!;

export const isFloat = (type: number): boolean => type === F32 || type === F64;
export const isReference = (type: number): boolean => type === FUNCREF || type === EXTERNREF;

/** Bytes that a number of the type takes in memory. */
export const byteLengthOf = (type: number): number =>
  type === V128 ? 16 : type === I64 || type === F64 ? 8 : 4;

export const sameType = (a: FunctionType, b: FunctionType): boolean =>
  sameTypes(a.params, b.params) && sameTypes(a.results, b.results);

const sameTypes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((type, i) => type === b[i]);

/** `(i32, f64) -> i32`, for messages. */
export const describeType = ({ params, results }: FunctionType): string =>
  `(${params.map(nameOfType).join(", ")}) -> (${results.map(nameOfType).join(", ")})`;

const NAMES: Readonly<Record<number, string>> = {
  [I32]: "i32",
  [I64]: "i64",
  [F32]: "f32",
  [F64]: "f64",
  [V128]: "v128",
  [FUNCREF]: "funcref",
  [EXTERNREF]: "externref",
};

export const nameOfType = (type: number): string => NAMES[type] ?? `type ${type}`;
