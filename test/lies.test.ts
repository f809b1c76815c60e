import { describe, expect, test } from "vitest";
import { ForwardedRun, type Frame } from "../src/core/wire/frame.js";
import { createTestMatch, type TestMatch, type TestMatchOptions } from "../src/testing/match.js";
import { farewell, lie } from "./direct/liar.js";
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
      const heldSeal = tick % 4;
      lie(match, pads, LIAR, HONEST, (frame) => frame.lost.push({ peer: SILENT, heldSeal }));
      match.runTicks(1);
    }
    expect(match.peers[HONEST]!.ended).toMatchObject({ reason: "lost" });
  });
});

describe("a peer that calls another lost", () => {
  test("EN-527 is not believed by who has heard that one a moment ago", () => {
    const match = play({ ticks: 600 });
    match.runTicks(100);
    match.partition([SILENT], [HONEST, LIAR]);
    for (let tick = 0; tick < ticksOf(4); tick++) {
      lie(match, pads, LIAR, HONEST, (frame) => frame.lost.push({ peer: SILENT, heldSeal: 101 }));
      match.runTicks(1);
    }
    expect(match.peers[HONEST]!.outputs("peer")).toBe(1);
    match.heal();
    match.runToEnd();
    match.assertAgreed();
  });

  test("EN-533 cannot speak in its name once it has ended", () => {
    const match = play();
    match.runTicks(100);
    const leave = farewell(match, LIAR, 5);
    lie(match, pads, LIAR, SILENT, (frame) => Object.assign(frame, { leave }));
    for (let tick = 0; tick < ticksOf(20); tick++) {
      lie(match, pads, LIAR, HONEST, (frame) => {
        frame.lost.push({ peer: SILENT, heldSeal: 1_000 });
        const base = match.peers[HONEST]!.finalTick;
        frame.forwards.push(Object.assign(new ForwardedRun(), { peer: SILENT, base, count: 20 }));
      });
      match.runTicks(1);
    }
    const [victim, accused] = [HONEST, SILENT].map((peer) => match.peers[peer]!);
    expect(accused!.ended).toMatchObject({ reason: "left" });
    expect(victim!.ended).toBeDefined();
    // What the accused authored after its last final tick it has sent itself.
    expect(victim!.finalTick).toBeLessThanOrEqual(accused!.tick);
    expect(victim!.journal.startsWith(accused!.journal)).toBe(true);
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

describe("a peer that lies about its clock", () => {
  const rates = (match: TestMatch): number[] =>
    [HONEST, SILENT].map((peer) => match.peers[peer]!.stats.clockRate);
  const absurd: readonly (readonly [string, (frame: Frame) => void])[] = [
    ["far ahead", (frame) => Object.assign(frame, { head: 0xffff_ffff, leadTicks: 127, depthTicks: 255 })],
    ["far behind", (frame) => Object.assign(frame, { leadTicks: -128 })],
  ];
  for (const [where, fill] of absurd) {
    test(`EN-513 steers nobody ${where} for longer than it lies, and 3 % at most`, () => {
      const match = play();
      match.runTicks(300);
      for (let tick = 0; tick < 60; tick++) {
        lie(match, pads, LIAR, HONEST, fill);
        match.runTicks(1);
        for (const rate of rates(match)) expect(Math.abs(rate - 1)).toBeLessThanOrEqual(0.03 + 1e-12);
      }
      match.runTicks(900);
      for (const rate of rates(match)) expect(Math.abs(rate - 1)).toBeLessThan(0.01);
      for (const { stats } of match.peers) {
        for (const { roundTripTicks } of stats.links) expect(roundTripTicks).toBeLessThan(10);
      }
      match.settle();
      match.assertAgreed();
    });
  }
});

describe("a peer that says that another leaves", () => {
  test("EN-536 is not believed, in its own name with another's signature neither", () => {
    const match = play({ ticks: 300 });
    match.runTicks(100);
    const theirs = farewell(match, SILENT, 5);
    const unsigned = { ...farewell(match, LIAR, 5), tick: 6 };
    for (let tick = 0; tick < 30; tick++) {
      lie(match, pads, LIAR, HONEST, (frame) => Object.assign(frame, { leave: { ...theirs, peer: LIAR } }));
      match.runTicks(1);
      lie(match, pads, LIAR, HONEST, (frame) => Object.assign(frame, { leave: unsigned }));
      match.runTicks(1);
    }
    const link = match.peers[HONEST]!.stats.links.find(({ peer }) => peer === LIAR)!;
    expect(link.refusals.forged).toBe(60);
    match.runToEnd();
    match.assertAgreed();
    for (const { ended } of match.peers) expect(ended).toMatchObject({ reason: "finished" });
  });
});

describe("a peer that leaves at one tick for one and at another for the others", () => {
  const lastLine = (journal: string): string => journal.trimEnd().split("\n").at(-1)!;
  for (const toldTwo of [false, true]) {
    test(`EN-531 ${toldTwo ? "telling both" : "telling one"} leaves journals that agree as far as both reach`, () => {
      const match = play({ net: "wifi" });
      match.runTicks(100);
      const leave = farewell(match, LIAR, 5);
      lie(match, pads, LIAR, HONEST, (frame) => Object.assign(frame, { leave }));
      match.runTicks(toldTwo ? 4 : ticksOf(20));
      if (toldTwo) lie(match, pads, LIAR, SILENT, (frame) => Object.assign(frame, { leave }));
      match.runTicks(ticksOf(20));
      const [short, long] = [HONEST, SILENT]
        .map((peer) => match.peers[peer]!)
        .sort((a, b) => a.finalTick - b.finalTick);
      expect(short!.finalTick).toBeLessThan(long!.finalTick);
      expect(match.peers[HONEST]!.ended).toMatchObject({ reason: "left", slot: match.peers[LIAR]!.slot });
      expect(long!.journal.startsWith(short!.journal)).toBe(true);
      for (const { journal } of [short!, long!]) expect(lastLine(journal)).toContain('"type":"tick"');
    });
  }

  test("EN-531 EN-516 two who leave at once end at the earlier tick, in the name of one", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const match = play({ net: "mobile", seed, peers: 4 });
      match.runTicks(100);
      match.peers[3]!.leave();
      match.runTicks(seed % 4);
      match.peers[1]!.leave();
      match.runTicks(ticksOf(10));
      expect(new Set(match.peers.map(({ ended }) => JSON.stringify(ended))).size).toBe(1);
      expect(new Set(match.peers.map(({ journal }) => journal)).size).toBe(1);
      expect(lastLine(match.peers[0]!.journal)).toContain('"type":"end"');
    }
  });
});
