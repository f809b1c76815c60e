import { OPCODES } from "../../src/wasm/opcodes.js";
import { F32, F64, V128 } from "../../src/wasm/value-types.js";
import { assemble, type Code, leb, list, op, uleb } from "./assembler.js";

const LOADS: Record<number, number> = { [F32]: 0x2a, [F64]: 0x2b, [V128]: 0xfd000 };
const STORES: Record<number, number> = { [F32]: 0x38, [F64]: 0x39, [V128]: 0xfd00b };

/** NaNs of every kind: quiet and signalling, of either sign, and infinities that make new ones. */
const OPERANDS = [
  0x7ff8_0000_dead_beefn,
  0xfff4_0000_0000_0001n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_7fa0_0001n,
];

const i32 = (value: number): Code => [0x41, ...leb(value)];
const at = (code: number, offset: number): Code => [...op(code), 0, ...uleb(offset)];

/** A module whose `run` makes NaNs by every instruction that can, of every pair of operands, and keeps their bits. */
export function nans(): Uint8Array<ArrayBuffer> {
  const data = Buffer.alloc(16 * OPERANDS.length);
  OPERANDS.forEach((bits, i) => {
    data.writeBigUInt64LE(bits, 16 * i);
    data.writeBigUInt64LE(OPERANDS[(i + 1) % OPERANDS.length]!, 16 * i + 8);
  });
  let place = 1024;
  const code: number[] = [];
  for (const { code: number, type, makesNaN } of OPCODES.values()) {
    if (makesNaN === undefined) continue;
    const { params, results } = type!;
    for (let pair = 0; pair < OPERANDS.length ** 2; pair++) {
      const operands = [pair % OPERANDS.length, Math.floor(pair / OPERANDS.length)];
      code.push(...i32(0));
      params.forEach((param, i) => {
        code.push(...i32(0), ...at(LOADS[param]!, 16 * operands[i]!));
      });
      code.push(...op(number), ...at(STORES[results[0]!]!, place));
      place += 16;
    }
  }
  return assemble({
    functions: [{ type: ">", export: "run", code }],
    memory: [0, 1],
    exports: [{ name: "memory", kind: 2, index: 0 }],
    raw: { 11: list([[0, ...i32(0), 0x0b, ...uleb(data.length), ...data]]) },
  });
}
