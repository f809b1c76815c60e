import { describe, expect, test } from "vitest";
import { bytesNamed } from "../../../test/guard/lobbies.js";
import {
  fileOf,
  journalOf,
  rechained,
  refusalOf,
  sixtyLinesIdentity,
  tinyCatalog,
  tinyIdentity,
} from "../../../test/journal/tiny-match.js";
import { EMPTY_BYTES, equalBytes } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { hashOfBytes } from "../base/text.js";
import { encodeBundle, fingerprintOfBundle } from "../bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES } from "../bundle/limits.js";
import { toBase64Url } from "../guard/base64url.js";
import type { MatchIdentity } from "../guard/identity.js";
import { MAX_JOURNAL_LINE_BYTES } from "./limits.js";
import { JournalWriter } from "./writer.js";

const bundle = encodeBundle({
  kind: "lua",
  engine: hashOfBytes(bytesNamed("engine")),
  name: "tiny",
  settings: {},
  files: { "player.lua": bytesNamed("script", 20) },
});

const identityOf = (bytes: Uint8Array): MatchIdentity =>
  tinyIdentity({ game: { name: "tiny", version: "1", fingerprint: fingerprintOfBundle(bytes) } });

/** A journal of tick 0 alone: its lines. */
function journalWith(bytes: Uint8Array | undefined, identity: MatchIdentity): string[] {
  const lines: string[] = [];
  const sink = { line: (line: string) => lines.push(line) };
  const writer = new JournalWriter(sink, identity, { catalog: tinyCatalog, bundle: bytes });
  const hash = hashOfBytes(domainHash("any", EMPTY_BYTES));
  writer.tick({ chronos: 0 as never, events: [], refusals: [], node: hash, stateHash: hash });
  return lines;
}

describe("a journal of a game that is data", () => {
  const lines = journalWith(bundle, identityOf(bundle));

  test("EN-615 carries its bundle at the end of the session line, and gives it back", () => {
    expect(lines[0]).toMatch(/,"bundle":"[A-Za-z0-9_-]+"\}$/);
    expect(journalOf(fileOf(lines)).bundle).toEqual(bundle);
  });

  test("EN-615 of TypeScript has no such field", () => {
    const [line] = journalWith(undefined, sixtyLinesIdentity);
    expect(line).not.toContain("bundle");
    expect(journalOf(fileOf(journalWith(undefined, sixtyLinesIdentity))).bundle).toBeUndefined();
  });

  test("EN-616 of which any digit or bit of the bundle is changed is refused at line 1, every chain computed anew too", () => {
    const text = lines[0]!;
    const start = text.indexOf('"bundle":"') + '"bundle":"'.length;
    const reasons = new Set<string>();
    for (let at = start; at < text.length - 2; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
        const forged = text.slice(0, at) + changed + text.slice(at + 1);
        const refusal = refusalOf(rechained([forged, ...lines.slice(1)]));
        expect(refusal).toMatch(/^line 1: /);
        reasons.add(refusal);
      }
    }
    expect([...reasons].sort()).toEqual([
      'line 1: "bundle" does not make the fingerprint that "manifest" names',
      'line 1: "bundle" is not base64url of at most 1 MiB',
      "line 1: it is not JSON",
    ]);
  });

  test.each([
    ["another game's", toBase64Url(encodeBundle({ ...bundleFields(), name: "other" })), "fingerprint"],
    ["none", "", "fingerprint"],
    ["padding", `${toBase64Url(bundle)}=`, "base64url"],
    ["too long", "A".repeat(Math.ceil((MAX_BUNDLE_BYTES * 4) / 3) + 5), "base64url"],
  ])("EN-616 holds no bundle that is %s", (_, digits, why) => {
    const forged = lines[0]!.replace(/"bundle":"[^"]*"/, () => `"bundle":"${digits}"`);
    expect(refusalOf(rechained([forged, ...lines.slice(1)]))).toMatch(
      new RegExp(`^line 1: "bundle" .*${why}`),
    );
  });

  test.each(["null", "1", "{}", "[]", '{"$bytes":"00"}'])("EN-616 holds no bundle that is %s", (json) => {
    const forged = lines[0]!.replace(/"bundle":"[^"]*"/, () => `"bundle":${json}`);
    expect(refusalOf(rechained([forged, ...lines.slice(1)]))).toBe('line 1: "bundle" is no text');
  });

  test("EN-616 holds no bytes that make the fingerprint and are no bundle", () => {
    const noise = bytesNamed("noise", 30);
    expect(refusalOf(fileOf(journalWith(noise, identityOf(noise))))).toMatch(
      /^line 1: "bundle" does not hold: /,
    );
  });

  test("EN-608 EN-626 with the longest bundle stays below the longest line", () => {
    const around = encodeBundle({ ...bundleFields(), files: { "a.lua": new Uint8Array(100_000) } }).length;
    const longest = encodeBundle({
      ...bundleFields(),
      files: { "a.lua": new Uint8Array(MAX_BUNDLE_BYTES - (around - 100_000)).fill(0xff) },
    });
    expect(longest.length).toBe(MAX_BUNDLE_BYTES);
    const file = journalWith(longest, identityOf(longest));
    expect(file[0]!.length).toBeGreaterThan(1_398_102);
    expect(file[0]!.length).toBeLessThan(MAX_JOURNAL_LINE_BYTES);
    expect(equalBytes(journalOf(fileOf(file)).bundle!, longest)).toBe(true);
  });
});

function bundleFields(): Parameters<typeof encodeBundle>[0] {
  const engine = hashOfBytes(bytesNamed("engine"));
  return { kind: "lua", engine, name: "tiny", settings: {}, files: { "player.lua": EMPTY_BYTES } };
}
