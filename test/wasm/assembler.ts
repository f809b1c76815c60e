import { CodeWriter } from "../../src/wasm/code-writer.js";
import { SectionId } from "../../src/wasm/module.js";
import { typeOfLetters } from "../../src/wasm/value-types.js";

/** Code as bytes, with the instructions of others spread in between. */
export type Code = readonly number[];

export interface FunctionPlan {
  /** `ii>i`, as in the opcode table. */
  readonly type: string;
  /** Letters of its locals. */
  readonly locals?: string;
  /** Without the last `end`. */
  readonly code: Code;
  readonly export?: string;
}

/** A module in parts; functions are numbered from the imports on, in order. */
export interface ModulePlan {
  readonly imports?: readonly { readonly module: string; readonly name: string; readonly type: string }[];
  readonly functions?: readonly FunctionPlan[];
  /** Limits as bytes: flags, least, most. */
  readonly memory?: Code;
  readonly globals?: readonly { readonly type: string; readonly isMutable?: boolean; readonly code: Code }[];
  readonly exports?: readonly { readonly name: string; readonly kind: number; readonly index: number }[];
  readonly start?: number;
  /** Further types, in bytes each. */
  readonly types?: readonly Code[];
  /** Sections as they are, by number. */
  readonly raw?: Readonly<Record<number, Code>>;
}

const ORDER = [1, 2, 3, 4, 5, SectionId.tag, 6, 7, 8, 9, SectionId.dataCount, 10, 11];

export const leb = (value: number | bigint): number[] => {
  const writer = new CodeWriter(16);
  writer.signed(value);
  return [...writer.view()];
};
export const uleb = (value: number): number[] => {
  const writer = new CodeWriter(16);
  writer.varint(value);
  return [...writer.view()];
};
export const text = (ascii: string): number[] => [...uleb(ascii.length), ...Buffer.from(ascii)];
export const list = (items: readonly Code[]): number[] => [...uleb(items.length), ...items.flat()];
/** An instruction of the opcode table, by its code. */
export const op = (code: number): number[] =>
  code < 0x100 ? [code] : [Math.floor(code / 0x1000), ...uleb(code % 0x1000)];

const letters = (types: readonly number[]): number[] => [...uleb(types.length), ...types];

export function assemble(plan: ModulePlan): Uint8Array<ArrayBuffer> {
  const { imports = [], functions = [], globals = [], types = [], raw = {} } = plan;
  const signatures = [...new Set([...imports, ...functions].map(({ type }) => type))];
  const typeIndex = (type: string): number[] => uleb(types.length + signatures.indexOf(type));
  const exported = functions.flatMap(({ export: name }, i) =>
    name === undefined ? [] : [{ name, kind: 0, index: imports.length + i }],
  );
  const exports = [...exported, ...(plan.exports ?? [])];
  const sections: Record<number, Code | undefined> = {
    1: list([
      ...types,
      ...signatures.map((type) => {
        const { params, results } = typeOfLetters(type);
        return [0x60, ...letters(params), ...letters(results)];
      }),
    ]),
    2:
      imports.length === 0
        ? undefined
        : list(
            imports.map(({ module, name, type }) => [...text(module), ...text(name), 0, ...typeIndex(type)]),
          ),
    3: list(functions.map(({ type }) => typeIndex(type))),
    5: plan.memory && list([plan.memory]),
    6:
      globals.length === 0
        ? undefined
        : list(
            globals.map(({ type, isMutable = false, code }) => [
              typeOfLetters(`${type}>`).params[0]!,
              isMutable ? 1 : 0,
              ...code,
              0x0b,
            ]),
          ),
    7: list(exports.map(({ name, kind, index }) => [...text(name), kind, ...uleb(index)])),
    8: plan.start === undefined ? undefined : uleb(plan.start),
    10: list(
      functions.map(({ code, locals = "" }) => {
        const groups = typeOfLetters(`${locals}>`).params.map((type) => [1, type]);
        const body = [...list(groups), ...code, 0x0b];
        return [...uleb(body.length), ...body];
      }),
    ),
    ...raw,
  };
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const id of ORDER) {
    const content = sections[id];
    if (content !== undefined) bytes.push(id, ...uleb(content.length), ...content);
  }
  return Uint8Array.from(bytes);
}
