import { describe, expect, test } from "vitest";
import { talkingModule } from "../../test/wasm/talking-module.js";
import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import { type Simulation, Snapshot } from "../core/session/simulation.js";
import { LOG_BYTES, LOGS_PER_TICK } from "../game/limits.js";
import { createTestMatch } from "../testing/index.js";
import { loadWasmGame } from "./load.js";

const game = loadWasmGame(talkingModule());
const KAIROS = "0".repeat(32) as KairosBranchId;

function born(): Simulation {
  const simulation = game.createSimulation();
  simulation.begin({ kairos: KAIROS, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] });
  return simulation;
}

type Request = readonly [slot: number, kind: string, text?: string];

function run(simulation: Simulation, ...requests: readonly Request[]): void {
  const tick = chronosTick(1);
  const events = requests.map(([slot, kind, text], id) => {
    const content = game.catalog.pack(kind, text === undefined ? {} : { text }, tick);
    return game.catalog.envelope(content, id, tick, KAIROS, asSlot(slot));
  });
  simulation.saveInto(new Snapshot());
  simulation.step(tick, events);
}

const told = (simulation: Simulation): string[] =>
  simulation.logs!.lines.map(({ where, text }) => `${where}: ${text}`);

describe("what a module logs", () => {
  test("EN-1045 is kept for the tick, with whose code it was", () => {
    const simulation = born();
    expect(told(simulation)).toEqual(["setup: setup"]);
    run(simulation, [1, "say", "hello é"], [0, "say", ""]);
    expect(told(simulation)).toEqual(["slot 1: hello é", "slot 0: "]);
    run(simulation);
    expect(told(simulation)).toEqual([]);
  });

  test("EN-1045 also by what failed afterwards, once however often the tick ran", () => {
    const simulation = born();
    run(simulation, [0, "say", "one"], [1, "sob"], [0, "say", "two"], [0, "sob"]);
    expect(simulation.faults).toHaveLength(2);
    expect(told(simulation)).toEqual(["slot 1: begun", "slot 0: begun", "slot 0: one", "slot 0: two"]);
    expect(() => run(simulation, [0, "stop"])).toThrow("echo_step trapped");
    expect(told(simulation)).toEqual(["step: step"]);
  });

  test("EN-1045 within 64 lines a tick, the others counted", () => {
    const simulation = born();
    run(simulation, [0, "spam"], [1, "say", "too late"]);
    expect(simulation.logs!.lines).toHaveLength(LOGS_PER_TICK);
    expect(simulation.logs!.lost).toBe(101 - LOGS_PER_TICK);
    run(simulation);
    expect(simulation.logs).toEqual({ lines: [], lost: 0 });
  });

  test("EN-1045 by input, beside the match", () => {
    const simulation = born();
    simulation.collectInput(asSlot(1), chronosTick(1), {});
    expect(simulation.inputLogs!.lines).toEqual([{ where: "input of slot 1", text: "now" }]);
    expect(told(simulation)).toEqual(["setup: setup"]);
  });

  test("EN-1045 reaches the trace of a match once its tick is final, each line once", () => {
    const match = createTestMatch(game, {
      peers: 2,
      seed: 3,
      net: "lossy",
      trace: true,
      input: () => undefined,
    });
    for (let round = 0; round < 60; round++) {
      match.peers[round % 2]!.emit("say", { text: `line ${round}` });
      match.runTicks(2);
    }
    match.runTicks(30);
    match.settle();
    match.assertAgreed();
    expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);
    const lines = match.peers.map((peer) =>
      peer.trace
        .split("\n")
        .filter((line) => line.startsWith('{"type":"log"'))
        .map((line) => JSON.parse(line) as { where: string; text: string }),
    );
    const ofMatch = lines.map((all) => all.filter(({ where }) => where.startsWith("slot")));
    expect(ofMatch[0]!.map(({ text }) => text).sort()).toEqual(
      Array.from({ length: 60 }, (_, round) => `line ${round}`).sort(),
    );
    expect(ofMatch[1]).toEqual(ofMatch[0]);
    expect(lines[0]![0]).toMatchObject({ chronos: 0, where: "setup", text: "setup" });
    for (const [slot, all] of lines.entries()) {
      const own = new Set(all.map(({ where }) => where).filter((where) => where.startsWith("input")));
      expect([...own]).toEqual([`input of slot ${slot}`]);
    }
  });

  test("EN-1045 keeps the beginning of a long line, and never half a character", () => {
    const simulation = born();
    run(simulation, [0, "long", `${"é".repeat(300)}`], [0, "long", `x${"é".repeat(300)}`]);
    expect(simulation.faults).toEqual([]);
    expect(simulation.logs!.lines.map(({ text }) => text)).toEqual([
      "é".repeat(LOG_BYTES / 2),
      `x${"é".repeat(LOG_BYTES / 2 - 1)}`,
    ]);
  });
});
