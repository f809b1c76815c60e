import { describe, expect, test } from "vitest";
import { blake3Hash } from "../core/base/hash.js";
import { Xoshiro128 } from "../core/base/prng.js";
import * as maths from "./index.js";

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = { ...(maths as object) };

/** What every engine, machine and version must give, to the last bit. */
const PINNED: readonly (readonly [name: string, values: readonly number[], bits: string])[] = [
  ["sin", [0.5], "3fdeaee8744b05f0"],
  ["sin", [1], "3feaed548f090cee"],
  ["sin", [-3], "bfc210386db6d55b"],
  ["sin", [100], "bfe03425b78c4db8"],
  ["sin", [1000000], "bfd6664b2568d867"],
  ["sin", [1700000], "3fe2468b4fe40abc"],
  ["sin", [1e22], "bfeb453ab76bf397"],
  ["sin", [1.7976931348623157e308], "3f7452fc98b34e97"],
  ["cos", [0.5], "3fec1528065b7d50"],
  ["cos", [1.5707963267948966], "3c91a62633145c07"],
  ["cos", [-3], "bfefae04be85e5d2"],
  ["cos", [100], "3feb981dbf665fdf"],
  ["cos", [1000000], "3fedf9df9906d32c"],
  ["cos", [1e22], "3fe0be2cef01c8f4"],
  ["cos", [1e300], "bfe2699022adc4c1"],
  ["tan", [0.5], "3fe17b4f5bf3474a"],
  ["tan", [1.5707963267948966], "434d02967c31cdb5"],
  ["tan", [-3], "3fc23ef71254b86f"],
  ["tan", [100], "bfe2ca74d62b5d38"],
  ["tan", [1000000], "bfd7e9768ab734c0"],
  ["tan", [1e22], "bffa0f79c1b6b258"],
  ["asin", [0.25], "3fd02be9ce0b87cd"],
  ["asin", [0.5], "3fe0c152382d7366"],
  ["asin", [-0.75], "bfeb235315c680dc"],
  ["asin", [0.9999999999999999], "3ff921fb50442d18"],
  ["asin", [1], "3ff921fb54442d18"],
  ["acos", [0.25], "3ff51700e0c14b25"],
  ["acos", [0.5], "3ff0c152382d7366"],
  ["acos", [-0.75], "400359d26f93b6c3"],
  ["acos", [0.9999999999999999], "3e50000000000000"],
  ["acos", [-1], "400921fb54442d18"],
  ["atan", [0.0625], "3faff55bb72cfdea"],
  ["atan", [0.5], "3fddac670561bb4f"],
  ["atan", [-1], "bfe921fb54442d18"],
  ["atan", [3], "3ff3fc176b7a8560"],
  ["atan", [1000000000], "3ff921fb53ff74e9"],
  ["atan2", [1, 2], "3fddac670561bb4f"],
  ["atan2", [-1, 2], "bfddac670561bb4f"],
  ["atan2", [1, -2], "40056c6e7397f5ae"],
  ["atan2", [-2, -1], "c000468a8ace4df6"],
  ["atan2", [3, 1], "3ff3fc176b7a8560"],
  ["atan2", [5e-324, -1], "400921fb54442d18"],
  ["exp", [0.1], "3ff1aec7b35a00d4"],
  ["exp", [1], "4005bf0a8b145769"],
  ["exp", [-1], "3fd78b56362cef38"],
  ["exp", [10], "40d5829dcf950560"],
  ["exp", [700], "7f0d945df4f8ec8e"],
  ["exp", [-740], "0000000000000055"],
  ["log", [0.1], "c0026bb1bbb55515"],
  ["log", [2], "3fe62e42fefa39ef"],
  ["log", [3], "3ff193ea7aad030b"],
  ["log", [10], "40026bb1bbb55516"],
  ["log", [1e300], "4085963447f87fb5"],
  ["log", [5e-324], "c0874385446d71c3"],
  ["log2", [0.1], "c00a934f0979a371"],
  ["log2", [3], "3ff95c01a39fbd68"],
  ["log2", [10], "400a934f0979a371"],
  ["log2", [1e300], "408f24a09f1a8b89"],
  ["log10", [0.1], "bff0000000000000"],
  ["log10", [2], "3fd34413509f79ff"],
  ["log10", [3], "3fde8927964fd5fd"],
  ["log10", [1e300], "4072c00000000000"],
  ["pow", [2, 0.5], "3ff6a09e667f3bcd"],
  ["pow", [1.1, 10], "4004bffc0c03023e"],
  ["pow", [10, -5], "3ee4f8b588e368f1"],
  ["pow", [0.3, 7.7], "3f18ae7e5b4e6baf"],
  ["pow", [-3, 5], "c06e600000000000"],
  ["pow", [1.0000001, 1000000000], "48f349445c228792"],
  ["hypot", [1, 1], "3ff6a09e667f3bcd"],
  ["hypot", [1e200, 1e200], "697d8f9811335b57"],
  ["hypot", [1, 2, 3], "400deeea11683f49"],
  ["hypot", [0.1, 0.2], "3fcc9f25c5bfedda"],
  ["cbrt", [2], "3ff428a2f98d728b"],
  ["cbrt", [-10], "c0013c484138704f"],
  ["cbrt", [0.001], "3fb999999999999a"],
  ["cbrt", [1e300], "54b249ad2594c37d"],
];

const view = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): string {
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

describe("results never change", () => {
  test.each(PINNED)("EN-793 %s of %j is %s", (name, values, bits) => {
    expect(bitsOf(FUNCTIONS[name]!(...values))).toBe(bits);
  });

  test("EN-793 every function stands in the table", () => {
    expect([...new Set(PINNED.map(([name]) => name))].sort()).toEqual(Object.keys(FUNCTIONS).sort());
  });

  test("EN-793 nor does any of 140,000 results of random numbers", () => {
    const random = new Xoshiro128(new Uint8Array(16).fill(9));
    const results = new DataView(new ArrayBuffer(8 * 10_000));
    const digests = Object.keys(FUNCTIONS)
      .sort()
      .map((name) => {
        for (let i = 0; i < 10_000; i++) {
          const values = [0, 1].map(() => (random.unit() - 0.5) * 2 ** (random.int(20) - 9));
          const result = FUNCTIONS[name]!(values[0]!, values[1]!);
          results.setFloat64(8 * i, Number.isNaN(result) ? 0 : result);
        }
        return [name, blake3Hash(new Uint8Array(results.buffer)).slice(0, 16)];
      });
    expect(Object.fromEntries(digests)).toEqual({
      acos: "a5eebc618376e773",
      asin: "197cd57aca51bce8",
      atan: "e68b5fd9fdeebcad",
      atan2: "dadd9eff2570f98c",
      cbrt: "5d074c0eb656eeb8",
      cos: "fb772353f34e5260",
      exp: "a52ab6d7062ece4e",
      hypot: "bdf063e60183eba6",
      log: "e67ac61d82c9e1d5",
      log10: "e2134eed2ad9828c",
      log2: "0e9be1047ed3563a",
      pow: "c169ebe78165b4ee",
      sin: "ffded19b910a4a32",
      tan: "bba421020d241ae9",
    });
  });
});
