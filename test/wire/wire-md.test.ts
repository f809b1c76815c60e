import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toHex } from "../../src/core/base/text.js";
import { PROTOCOL_VERSION } from "../../src/core/guard/identity.js";
import { playExample } from "./example.js";

const BUMP =
  "The wire has changed: bump PROTOCOL_VERSION in src/core/guard/identity.ts, then write WIRE.md anew";

const page = readFileSync(new URL("../../WIRE.md", import.meta.url), "utf8");
const example = playExample();

/** The lines of a named block of WIRE.md. */
function block(kind: string, name: string): string[] {
  const fence = `\n\`\`\`${kind} ${name}\n`;
  const start = page.indexOf(fence);
  expect(start, `WIRE.md has a block ${kind} ${name}`).toBeGreaterThan(0);
  return page.slice(start + fence.length, page.indexOf("\n```", start + fence.length)).split("\n");
}

/** The bytes of a hex block: what stands before two spaces; `n × 00` for a row of zeros. */
const bytesOf = (name: string): string =>
  block("hex", name)
    .map((line) => line.split("  ")[0]!)
    .map((line) => line.replace(/(\d+) × ([0-9a-f]{2})/g, (_, count, byte) => byte.repeat(Number(count))))
    .join("")
    .replace(/ /g, "");

describe("WIRE.md", () => {
  test("EN-250 tells the protocol of this version", () => {
    expect(page).toContain(`This is protocol version ${PROTOCOL_VERSION}.`);
  });

  test.each(["hello", "challenge", "join", "roster"].map((name, i) => [name, i] as const))(
    "EN-251 holds the bytes of the example's %s",
    (name, i) => {
      expect(bytesOf(name), BUMP).toBe(toHex(example.handshake[i]!));
    },
  );

  test.each([
    ["fetch", 0],
    ["part", 1],
  ] as const)("EN-251 holds the bytes of a %s for the example's joiner", (name, i) => {
    expect(bytesOf(name), BUMP).toBe(toHex(example.fetch[i]!));
  });

  test("EN-252 holds the bytes of the example's datagram, which its receiver opens", () => {
    expect(example.handshake.length).toBe(4);
    expect(bytesOf("datagram"), BUMP).toBe(toHex(example.datagram));
    expect(example.joiner.peers[0]!.channel!.open(example.datagram)).toBeUndefined();
  });

  test("EN-253 holds the example's identity and invite", () => {
    const { gameId, sessionId, matchId, kairos, seed } = example.host.identity;
    const told = Object.fromEntries(block("text", "identity").map((line) => line.split(/ +/)));
    expect(told, BUMP).toEqual({ gameId, sessionId, matchId, kairos, seed: toHex(seed) });
    expect(block("text", "invite").join(""), BUMP).toBe(example.invite);
    expect(example.joiner.identity).toEqual(example.host.identity);
  });
});
