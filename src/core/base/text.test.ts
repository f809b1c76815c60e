import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex, utf8Decode, utf8Encode } from "./text.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

describe("UTF-8", () => {
  test("EN-163 well-formed text is encoded and decoded as the platform does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const bytes = utf8Encode(text)!;
        expect(toHex(bytes)).toBe(toHex(encoder.encode(text)));
        expect(utf8Decode(bytes)).toBe(text);
      }),
      { seed: 1631, numRuns: 2_000 },
    );
  });

  test("EN-163 every code point alone makes the round trip, surrogates excepted", () => {
    for (
      let code = 0;
      code <= 0x10ffff;
      code += code < 0x3000 || (code > 0xd7f0 && code < 0x10010) ? 1 : 37
    ) {
      const text = String.fromCodePoint(code);
      const bytes = utf8Encode(text);
      if (code >= 0xd800 && code <= 0xdfff) expect(bytes, code.toString(16)).toBe(undefined);
      else expect(utf8Decode(bytes!), code.toString(16)).toBe(text);
    }
  });

  test.each(["\ud800", "a\udc00", "\ud800\ud800", "\udc00\ud800", "\ud83d x"])(
    "EN-163 the lone surrogate in %j is refused",
    (text) => {
      expect(utf8Encode(text)).toBe(undefined);
    },
  );

  test("EN-163 exactly the bytes that the platform's strict decoder accepts are decoded", () => {
    let accepted = 0;
    let refused = 0;
    const interesting = fc.constantFrom(
      0x41,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0x9f,
      0xa0,
      0xed,
      0xef,
      0xf0,
      0x8f,
      0x90,
      0xf4,
      0xf5,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 6 }), (items) => {
        const bytes = Uint8Array.from(items);
        let expected: string | undefined;
        try {
          expected = decoder.decode(bytes);
        } catch {
          expected = undefined;
        }
        const ours = utf8Decode(bytes);
        if (expected === undefined) {
          refused++;
          expect(typeof ours).toBe("number");
          expect(ours).toBeLessThan(bytes.length);
        } else {
          accepted++;
          expect(ours).toBe(expected);
        }
      }),
      { seed: 1632, numRuns: 20_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(1_000);
  });

  test("EN-163 a refusal points at the first byte of what is ill-formed", () => {
    expect(utf8Decode(Uint8Array.of(0x61, 0xc3, 0xbc, 0xff))).toBe(3);
    expect(utf8Decode(Uint8Array.of(0x61, 0xe6, 0xb0))).toBe(1);
    expect(utf8Decode(Uint8Array.of(0x61, 0xff, 0x62), 0, 1)).toBe("a");
  });
});

describe("hex", () => {
  test("every byte string makes the round trip", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
      { seed: 1633 },
    );
  });

  test.each(["a", "AB", "0g", "é0", " 1"])("%j is no lowercase hex", (text) => {
    expect(fromHex(text)).toBe(undefined);
  });
});
