import assert from "node:assert/strict";
import test from "node:test";
import { checkDeterminism, createTestMatch } from "echo-net/testing";
import game from "./game.js";

test("three players agree, whatever the network does", () => {
  // A fifth of all datagrams is lost, and nobody waits for anybody: the match is full of wrong guesses.
  const match = createTestMatch(game, { peers: 3, seed: 1, net: "mobile", inputDelayTicks: 0 });
  match.runTicks(600);
  match.partition([0], [1, 2]);
  match.runTicks(60);
  match.heal();
  match.runTicks(600);
  match.settle();
  match.assertAgreed(); // throws with tick, path in the state, seed and the command that repeats it
  for (const peer of match.peers) {
    assert.ok(peer.rollbacks > 0);
    assert.equal(peer.stats.faults, 0, "nothing in the game threw");
  }
});

test("the game is the same each time it is run", async () => {
  assert.deepEqual(await checkDeterminism(game), { ok: true });
});
