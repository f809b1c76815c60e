import { describe, expect, test } from "vitest";
import { createTestMatch, type TestMatch, type TestMatchOptions } from "../src/testing/match.js";
import { lie } from "./direct/liar.js";
import { pads, restless } from "./games/pads.js";

const HONEST = 0;
const SILENT = 1;
const LIAR = 2;

const play = (options: Partial<TestMatchOptions> = {}): TestMatch =>
  createTestMatch(pads, {
    peers: 3,
    seed: 11,
    net: "lan",
    inputDelayTicks: 0,
    input: restless,
    journal: true,
    ...options,
  });

const ticksOf = (seconds: number): number => 60 * seconds;

describe("what a lying peer says of a lost one", () => {
  test("EN-530 cannot put the end off: of events that nobody passes on, the match does not wait for ever", () => {
    const match = play();
    match.runTicks(100);
    match.silence(SILENT);
    for (let tick = 0; tick < ticksOf(24); tick++) {
      lie(match, pads, LIAR, HONEST, (frame) => frame.lost.push({ peer: SILENT, heldSeal: 0xffff_ffff }));
      match.runTicks(1);
    }
    expect(match.peers[HONEST]!.ended).toMatchObject({ reason: "lost", slot: match.peers[SILENT]!.slot });
  });

  test("EN-515 asks for no tick that is long forgotten", () => {
    const match = play();
    match.runTicks(600);
    match.silence(SILENT);
    for (let tick = 0; tick < ticksOf(12); tick++) {
      lie(match, pads, LIAR, HONEST, (frame) => frame.lost.push({ peer: SILENT, heldSeal: 3 }));
      match.runTicks(1);
    }
    expect(match.peers[HONEST]!.ended).toMatchObject({ reason: "lost" });
  });
});

describe("a peer that talks but never seals another tick", () => {
  test("EN-530 keeps nobody from leaving", () => {
    const match = play({ net: "good" });
    match.runTicks(100);
    match.silence(LIAR);
    match.peers[HONEST]!.leave();
    for (let tick = 0; tick < ticksOf(13); tick++) {
      lie(match, pads, LIAR, HONEST, () => {});
      match.runTicks(1);
    }
    const { ended, slot, journal } = match.peers[HONEST]!;
    expect(ended).toMatchObject({ reason: "left", slot });
    expect(journal.trimEnd().split("\n").at(-1)).toContain('"type":"tick"');
  });
});
