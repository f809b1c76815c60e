import { expect, test } from "vitest";
import { assemble, leb, list } from "../../test/wasm/assembler.js";
import { control } from "../../test/wasm/programs.js";
import { Xoshiro128 } from "../core/base/prng.js";
import { prepare } from "./prepare.js";
import { ModuleRefused } from "./refusal.js";

const SEED = 20_260;

/** Small modules that hold a little of everything. */
const SUBJECTS = [
  control(),
  assemble({
    imports: [{ module: "echo", name: "float", type: "F>F" }],
    functions: [
      { type: "Ff>F", export: "mixed", locals: "iv", code: [0x20, 0, 0x10, 0, 0x20, 1, 0xbb, 0xa0, 0x9f] },
      { type: ">", export: "copy", code: [0x41, 0, 0x41, 8, 0x41, 16, 0xfc, 10, 0, 0, 0xfc, 9, 0] },
      { type: "i>i", export: "grow", code: [0x20, 0, 0x40, 0, 0x3f, 0, 0x6a] },
    ],
    memory: [1, 1, 4],
    globals: [
      { type: "i", isMutable: true, code: [0x41, ...leb(-5)] },
      { type: "F", isMutable: true, code: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f] },
    ],
    raw: {
      4: list([[0x70, 0, 2]]),
      9: list([[0, 0x41, 0, 0x0b, 2, 0, 1]]),
      11: list([[1, 2, 7, 7]]),
      12: [1],
    },
  }),
];

test("EN-1003 of 20,000 mutated modules none crashes the transform or comes out invalid", () => {
  const random = new Xoshiro128(Uint8Array.from({ length: 16 }, (_, i) => (SEED >> i) & 255));
  const options = { imports: [{ module: "echo", name: "float" }] };
  let prepared = 0;
  const reasons = new Set<string>();
  for (let round = 0; round < 20_000; round++) {
    const subject = SUBJECTS[round % SUBJECTS.length]!;
    let bytes = subject.slice();
    expect(bytes.length).toBeLessThan(4096);
    for (let changes = 1 + random.int(3); changes > 0; changes--) {
      const at = 8 + random.int(bytes.length - 8);
      const kind = random.int(6);
      if (kind < 4) bytes[at] = kind === 0 ? random.int(256) : bytes[at]! ^ (1 << random.int(8));
      else if (kind === 4) bytes = Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
      else bytes = Uint8Array.from([...bytes.slice(0, at), random.int(256), ...bytes.slice(at)]);
    }
    try {
      const output = prepare(bytes, options).bytes;
      prepared++;
      if (!WebAssembly.validate(output as Uint8Array<ArrayBuffer>))
        throw new Error(`round ${round} came out invalid`);
    } catch (error) {
      if (!(error instanceof ModuleRefused))
        throw new Error(`round ${round} of seed ${SEED}`, { cause: error });
      // The only refusal of its own output: a mistake of the transform would hide behind it.
      if (error.message.includes("passes a bound of the engine"))
        throw new Error(`round ${round} came out invalid`);
      reasons.add(error.reason);
    }
  }
  expect(prepared).toBeGreaterThan(500);
  expect([...reasons]).toEqual(
    expect.arrayContaining(["malformed", "invalid", "unknown-import", "unsupported"]),
  );
}, 120_000);
