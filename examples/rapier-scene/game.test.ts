import { checkDeterminism, createTestMatch } from "echo-net/testing";
import { prepare } from "echo-net/wasm";
import { expect, test } from "vitest";
import game, { rapierFiles } from "./game.js";

interface Place {
  readonly x: number;
  readonly y: number;
}

test("EN-1052 the physics scene is the same whenever it is restored and run again", async () => {
  expect(await checkDeterminism(game, { ticks: 8 })).toMatchObject({ ok: true });
}, 300_000);

test("EN-1052 a match of it on a lossy network is agreed, with equal journals", () => {
  const ticks = 120;
  const match = createTestMatch(game, {
    peers: 3,
    net: "lossy",
    seed: 1,
    ticks,
    journal: true,
    guarded: false,
  });
  match.runToEnd();
  match.assertAgreed();
  expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);
  const [first, ...others] = match.peers.map((peer) => peer.journal);
  expect(first!.split("\n").length).toBeGreaterThan(ticks);
  for (const other of others) expect(other === first).toBe(true);

  const { players, boxes } = match.peers[0]!.session.view().final as Record<"players" | "boxes", Place[]>;
  expect(players).toHaveLength(3);
  // The players have run, and the boxes have come to lie on the ground or on one another.
  for (const [slot, { x }] of players.entries())
    expect(Math.abs(x - [-8, 8, -10][slot]!)).toBeGreaterThan(0.5);
  for (const { y } of boxes) expect(y).toBeGreaterThan(0.3);
  expect(Math.min(...boxes.map(({ y }) => y))).toBeLessThan(0.6);
}, 300_000);

test("EN-1052 nothing else than what is listed is imported", () => {
  const [, bytes] = rapierFiles();
  const asked = WebAssembly.Module.imports(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
  expect([...game.report.imports].sort()).toEqual(
    asked.map(({ module, name }) => `${module}.${name}`).sort(),
  );
  expect(() => prepare(bytes, { imports: [], memoryCapPages: 128 })).toThrow(
    /it imports \.\/rapier_wasm2d_bg\.js\.\w+, which nobody provides/,
  );
});
