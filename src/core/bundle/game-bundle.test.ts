import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesNamed } from "../../../test/guard/lobbies.js";
import { hashOfBytes } from "../base/text.js";
import type { Value } from "../base/value.js";
import { encode } from "../envelope/codec.js";
import { encodeBundle, fingerprintOfBundle, type GameBundle, parseBundle } from "./game-bundle.js";
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES, MAX_BUNDLE_NAME_BYTES } from "./limits.js";

const bundle: GameBundle = {
  kind: "lua",
  engine: hashOfBytes(bytesNamed("engine")),
  name: "pond",
  settings: { memoryCapPages: 256 },
  files: { "player.lua": Uint8Array.of(45, 45), "world.lua": new Uint8Array(0) },
};
const fields = {
  format: 1,
  kind: "lua",
  engine: bytesNamed("engine"),
  name: "pond",
  settings: {},
  files: { "player.lua": Uint8Array.of(1) },
};
const said = (changes: Readonly<Record<string, Value>>): unknown =>
  parseBundle(encode({ ...fields, ...changes }));

describe("a bundle", () => {
  test("EN-360 gives back what went into it, and is the same bytes whatever the order it was put in", () => {
    const bytes = encodeBundle(bundle);
    expect(parseBundle(bytes)).toEqual(bundle);
    const files = Object.fromEntries(Object.entries(bundle.files).reverse());
    expect(encodeBundle({ ...bundle, files })).toEqual(bytes);
    expect(fingerprintOfBundle(bytes)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("EN-360 has another fingerprint where any of it differs", () => {
    const others: GameBundle[] = [
      bundle,
      { ...bundle, kind: "wasm" },
      { ...bundle, name: "pool" },
      { ...bundle, engine: hashOfBytes(bytesNamed("other")) },
      { ...bundle, settings: { memoryCapPages: 255 } },
      { ...bundle, files: { ...bundle.files, "world.lua": Uint8Array.of(0) } },
      { ...bundle, files: { "player.lua": Uint8Array.of(45, 45) } },
    ];
    const fingerprints = others.map((one) => fingerprintOfBundle(encodeBundle(one)));
    expect(new Set(fingerprints).size).toBe(others.length);
  });

  test.each([
    [{ format: 2 }, "it is of format 2, and this program reads format 1"],
    [{ format: null }, "it names no format"],
    [{ more: 1 }, "it does not have exactly the fields format, kind, engine, name, settings, files"],
    [{ kind: "js" }, "its kind is neither lua nor wasm"],
    [{ engine: new Uint8Array(31) }, "its engine is not 32 bytes"],
    [{ name: "" }, "its name cannot be shown"],
    [{ name: "a\nb" }, "its name cannot be shown"],
    [{ settings: [] }, "its settings are no whole numbers by name"],
    [{ settings: { a: 0.5 } }, "its settings are no whole numbers by name"],
    [{ settings: { "": 1 } }, "its settings are no whole numbers by name"],
    [{ files: {} }, `it does not hold 1 to ${MAX_BUNDLE_FILES} files`],
    [{ files: Uint8Array.of(1) }, `it does not hold 1 to ${MAX_BUNDLE_FILES} files`],
    [{ files: { "a.lua": "text" } }, "its file a.lua is not bytes"],
  ] as const)("EN-361 is refused in words where it holds something else: %j", (changes, words) => {
    expect(said(changes)).toBe(words);
  });

  test.each([
    ...[
      "../a.lua",
      "a/b.lua",
      "a\\b.lua",
      "/etc/passwd",
      "C:a",
      "..",
      ".",
      ".lua",
      "",
      "a\u0000",
      "a\u202eb",
    ],
    "x".repeat(MAX_BUNDLE_NAME_BYTES + 1),
  ])("EN-361 holds no file that is named %j", (name) => {
    expect(said({ files: { [name]: Uint8Array.of(1) } })).toBe(
      `${JSON.stringify(name)} cannot name a file in it`,
    );
  });

  test("EN-361 takes other names, and as many files and bytes as it may", () => {
    for (const name of ["player.lua", "mein Spiel ü.lua", "a", "x".repeat(MAX_BUNDLE_NAME_BYTES)]) {
      expect(said({ files: { [name]: Uint8Array.of(1) } })).toMatchObject({ name: "pond" });
    }
    const named = (count: number): Record<string, Uint8Array> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.lua`, new Uint8Array(0)]));
    expect(said({ files: named(MAX_BUNDLE_FILES) })).toMatchObject({ name: "pond" });
    expect(said({ files: named(MAX_BUNDLE_FILES + 1) })).toMatch(/^it does not hold/);
    const around = encode({ ...fields, files: { "a.lua": new Uint8Array(100_000) } }).length - 100_000;
    const most = new Uint8Array(MAX_BUNDLE_BYTES - around);
    expect(said({ files: { "a.lua": most } })).toMatchObject({ name: "pond" });
    expect(said({ files: { "a.lua": new Uint8Array(most.length + 1) } })).toBe(
      `it has ${MAX_BUNDLE_BYTES + 1} bytes, and ${MAX_BUNDLE_BYTES} are allowed`,
    );
  });

  test("EN-362 throws for no bytes whatever, and takes only what it would write", () => {
    const bytes = encodeBundle(bundle);
    const edit = fc.record({
      at: fc.nat(bytes.length),
      drop: fc.nat(6),
      put: fc.uint8Array({ maxLength: 6 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(edit, ({ at, drop, put }) => {
        const changed = Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + drop)]);
        const parsed = parseBundle(changed);
        if (typeof parsed === "string") refused++;
        else expect(encodeBundle(parsed)).toEqual(changed);
      }),
      { seed: 362, numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(1000);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(typeof parseBundle(noise)).toBe("string");
      }),
      { seed: 363, numRuns: 2000 },
    );
  });
});
