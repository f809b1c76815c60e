import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { event, t } from "../core/envelope/declare.js";
import { defineGame } from "../game/define-game.js";
import { createTestMatch, type TestMatch, TestMatchError, type TestMatchOptions } from "./match.js";

/** Ships that drift as they are steered and shoot at random. */
const game = defineGame({
  name: "match test",
  version: "1",
  events: { steer: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }), shoot: event({ serial: t.u32 }) },
  setup: ({ slots }) => ({ ships: slots.map(() => ({ x: 0, y: 0, vx: 0, vy: 0, shots: 0 })), dice: 0 }),
  on: {
    steer: (state, evt) => {
      Object.assign(state.ships[evt.slot]!, { vx: evt.payload.x, vy: evt.payload.y });
    },
    shoot: (state, evt, ctx) => {
      state.ships[evt.slot]!.shots += 1 + (evt.payload.serial % 7);
      state.dice = (state.dice * 31 + ctx.random.int(1000)) % 1_000_003;
    },
  },
  step: (state) => {
    for (const ship of state.ships) {
      ship.x = (ship.x + ship.vx) | 0;
      ship.y = (ship.y + ship.vy) | 0;
    }
  },
  input: (_: unknown, emit, _state, slot, ctx) => {
    const phase = Math.floor((ctx.chronos + slot) / 4);
    emit("steer", { x: (phase * 7) % 100, y: (phase * 13) % 100 });
    ctx.local.serial ??= 0;
    if (ctx.random.int(10) === 0) emit("shoot", { serial: ctx.local.serial++ });
  },
});

const make = (options: Partial<TestMatchOptions>): TestMatch =>
  createTestMatch(game, { peers: 2, seed: 1, inputDelayTicks: 0, guarded: false, ...options });

describe("createTestMatch", () => {
  test("EN-840 plays a match of real sessions over a bad network, and its peers agree", () => {
    const match = make({ peers: 3, net: "mobile" });
    match.runTicks(600);
    match.partition([0, 1], [2]);
    match.runTicks(60);
    match.heal();
    match.runTicks(600);
    match.settle();
    match.assertAgreed();
    expect(match.agreed).toBe(true);
    for (const peer of match.peers) {
      expect(peer.rollbacks).toBeGreaterThan(0);
      expect(peer.maxRollback).toBeLessThanOrEqual(8);
      expect(peer.resimulatedTicks).toBeGreaterThan(0);
      expect(peer.stalledTicks).toBeGreaterThan(20);
      expect(peer.finalTick).toBeGreaterThan(1100);
      expect(peer.slots).toEqual([peer.number]);
    }
    expect(match.network.emulator.counts.cut).toBeGreaterThan(50);
  });

  test.each([
    { mode: "lockstep" as const, net: "lossy", inputDelayTicks: 6 },
    { mode: "rollback" as const, net: "wifi", inputDelayTicks: "auto" as const },
    { mode: "rollback" as const, net: "latency=60,jitter=40,loss=0.3,burst=3,duplicate=0.1,reorder=0.2" },
    { mode: "rollback" as const, net: "good", topology: "client-server" as const },
    { mode: "lockstep" as const, net: "mobile", topology: "client-server" as const, peers: 3 },
    { mode: "rollback" as const, net: "mobile", peers: 8 },
    { mode: "rollback" as const, net: "lossy", slotsPerPeer: [3, 1, 2], peers: 3 },
  ])("EN-840 ends at its last tick with equal journals: %j", (options) => {
    const match = make({ ...options, ticks: 200, journal: true });
    match.runToEnd();
    match.assertAgreed();
    const [first, ...others] = match.peers;
    expect(first!.journal.split("\n").length).toBeGreaterThan(201);
    for (const peer of match.peers) {
      expect(peer.ended).toMatchObject({ reason: "finished", chronos: 200 });
      expect(peer.finalTick).toBe(200);
    }
    for (const peer of others) expect(peer.journal).toBe(first!.journal);
    for (const peer of others) expect(peer.finalHash).toBe(first!.finalHash);
  });

  test("EN-841 equal options give equal matches, to the byte of journals and traces", () => {
    const play = (seed: number): string[] => {
      const match = make({ seed, peers: 3, net: "mobile", ticks: 120, journal: true, trace: true });
      match.runToEnd();
      return match.peers.flatMap((peer) => [peer.journal, peer.trace]);
    };
    const [journal, trace] = play(5);
    expect(play(5)).toEqual(play(5));
    expect(play(6)[0]).not.toBe(journal);
    expect(journal).toContain('"type":"tick"');
    expect(trace).toContain('"type":"rollback"');
  });

  test("EN-842 a corrupted state is told with tick, path, seed and the command that repeats it", () => {
    const match = make({ net: "good", ticks: 300, seed: 9, corrupt: { slot: 1, tick: 100 } });
    match.runToEnd();
    expect(match.agreed).toBe(false);
    let error: unknown;
    try {
      match.assertAgreed();
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TestMatchError);
    const { message, chronos, path, seed } = error as TestMatchError;
    expect(chronos).toBe(100);
    expect(path).toMatch(/^(ships\[\d\]\.\w+|dice)$/);
    expect(seed).toBe(9);
    expect(message).toContain("differ at tick 100, at ");
    expect(message).toContain(
      "echo-net simulate GAME --mode rollback --peers 2 --net good --seed 9 --ticks 300 --input-delay 0 --fault corrupt:1@100",
    );
    expect(match.peers.map((peer) => peer.outputs("desync"))).toEqual([1, 1]);
  });

  test("EN-843 a peer that falls silent with three left ends the match at one tick for all others", () => {
    const match = make({ peers: 4, net: "lossy", silence: { interruptedMs: 200, lostMs: 1000 } });
    match.runTicks(120);
    match.silence(2);
    match.runTicks(120);
    match.settle();
    match.assertAgreed();
    const survivors = match.peers.filter((peer) => !peer.silent);
    expect(survivors).toHaveLength(3);
    const [first] = survivors;
    expect(first!.ended?.reason).toBe("lost");
    for (const peer of survivors) expect(peer.ended).toEqual(first!.ended);
    for (const peer of survivors) expect(peer.finalHash).toBe(first!.finalHash);
  });

  test("EN-843 a peer that leaves ends the match at the tick that it announced", () => {
    const match = make({ peers: 3, net: "wifi" });
    match.runTicks(120);
    match.peers[1]!.leave();
    match.runTicks(120);
    match.settle();
    match.assertAgreed();
    for (const peer of match.peers) expect(peer.ended).toMatchObject({ reason: "left", slot: 1 });
    expect(new Set(match.peers.map((peer) => peer.ended!.chronos)).size).toBe(1);
  });

  test("EN-852 peers that do not settle, or end at different ticks, do not agree", () => {
    const waiting = make({ peers: 3, silence: { interruptedMs: 500, lostMs: 1e9 } });
    waiting.runTicks(60);
    waiting.silence(2);
    waiting.runTicks(60);
    expect(waiting.agreed).toBe(true);
    waiting.settle();
    expect(waiting.disagreement?.message).toMatch(
      /^peer 0 did not settle: final tick \d+, simulated tick \d+\n/,
    );

    const divided = make({ peers: 4, net: "latency=20", silence: { interruptedMs: 200, lostMs: 500 } });
    for (const from of [2, 3]) for (const to of [0, 1]) divided.setDirection(from, to, "latency=100");
    divided.runTicks(60);
    divided.partition([0, 1], [2, 3]);
    divided.runTicks(120);
    const ends = divided.peers.map((peer) => peer.ended!.chronos);
    expect(ends[0]).not.toBe(ends[2]);
    expect(divided.disagreement?.message).toMatch(
      `the match ended for peer 0 at tick ${ends[0]}, for peer 2 at tick ${ends[2]}`,
    );
  });

  test("EN-844 the input delay can be changed while the match runs, and nothing is lost or doubled", () => {
    const match = make({ peers: 3, net: "mobile" });
    for (const delayTicks of [4, 1, 9, 0, "auto", 30, 2] as const) {
      match.setInputDelay(1, delayTicks);
      match.runTicks(90);
    }
    match.settle();
    match.runTicks(200);
    match.settle();
    match.assertAgreed();
    expect(match.peers[1]!.stats.inputDelayTicks).toBe(2);
  });

  test("EN-844 one direction can be worse than the others", () => {
    const match = make({ net: "latency=20" });
    match.setDirection(0, 1, "latency=120");
    match.runTicks(600);
    match.settle();
    match.assertAgreed();
    const [first, second] = match.peers.map((peer) => peer.stats);
    expect(first!.rollbacks).toBeGreaterThan(0);
    expect(second!.rollbacks).toBeGreaterThan(0);
  });

  test("EN-845 the devices' input is in force at the tick that it was written for", () => {
    const steered = defineGame({
      name: "steered",
      version: "1",
      events: { steer: event({ x: t.u16 }, { predict: "repeat" }) },
      setup: ({ slots }) => ({ log: slots.map((): number[] => []) }),
      on: {
        steer: (state, evt) => {
          if (evt.payload.x !== evt.chronos * 10 + evt.slot) throw new Error("at another tick");
          state.log[evt.slot]!.push(evt.payload.x);
          if (state.log[evt.slot]!.length > 5) state.log[evt.slot]!.shift();
        },
      },
      input: (device: { readonly x: number }, emit) => emit("steer", device),
    });
    const input = (slot: number, chronos: number): { x: number } => ({ x: chronos * 10 + slot });
    const match = createTestMatch(steered, {
      peers: 2,
      seed: 1,
      net: "good",
      inputDelayTicks: 20,
      input,
      ticks: 100,
    });
    match.runToEnd();
    match.assertAgreed();
    for (const peer of match.peers) expect(peer.outputs("fault")).toBe(0);
  });

  test("EN-846 clocks throw while the game's code runs, unless that is turned off", () => {
    const clocked = defineGame({
      name: "clocked",
      version: "1",
      events: {},
      setup: () => ({ ticks: 0 }),
      step: (state) => {
        state.ticks += Date.now() > 0 ? 1 : 2;
      },
    });
    const guarded = createTestMatch(clocked, { peers: 2, seed: 1, ticks: 20 });
    guarded.runToEnd();
    for (const peer of guarded.peers) expect(peer.ended?.reason).toBe("game-fault");
    const plain = createTestMatch(clocked, { peers: 2, seed: 1, ticks: 20, guarded: false });
    plain.runToEnd();
    plain.assertAgreed();
  });

  test("EN-726 what a player's input throws is told by its own peer, and costs its events", () => {
    const broken = defineGame({
      name: "broken input",
      version: "1",
      events: {},
      setup: () => ({ ticks: 0 }),
      input: (_, _emit, _state, slot) => {
        if (slot === 1) throw new Error("no device");
      },
    });
    const told: string[] = [];
    const match = createTestMatch(broken, {
      peers: 2,
      seed: 1,
      ticks: 20,
      onOutput: (peer, output) => {
        if (output.type === "fault") told.push(`${peer}: ${output.where}`);
      },
    });
    match.runToEnd();
    match.assertAgreed();
    expect(new Set(told)).toEqual(new Set(["1: input of slot 1"]));
    expect(match.peers.map((peer) => peer.stats.faults > 0)).toEqual([false, true]);
  });

  test.each([
    [{ peers: undefined }, "2 to 8 peers"],
    [{ peers: 1 }, "2 to 8 peers"],
    [{ peers: 9 }, "2 to 8 peers"],
    [{ peers: 4, slotsPerPeer: 3 }, "at most 8"],
    [{ peers: 2, slotsPerPeer: 0 }, "1 slot or more"],
    [{ peers: 2, net: "moblie" }, '"moblie"'],
    [{ peers: 2, inputDelayTicks: -1 }, "input delay"],
    [{ peers: 2, windowTicks: 1000 }, "windowTicks"],
    [{ frameMs: undefined }, "frameMs is 0.1 to 60000 milliseconds, not undefined"],
    [{ frameMs: 0 }, "frameMs is 0.1 to 60000 milliseconds, not 0"],
    [{ frameMs: Number.NaN }, "frameMs is 0.1 to 60000 milliseconds, not NaN"],
    [{ frameJitter: -0.5 }, "frameJitter is 0 to 1, not -0.5"],
    [{ clockDrift: Number.NaN }, "clockDrift is 0 to less than 1, not NaN"],
    [
      { silence: { interruptedMs: 500, lostMs: 400 } },
      "a silence of 500 ms interrupts, of 400 ms or more loses",
    ],
  ])("EN-847 refuses options that make no sense: %j", (options, words) => {
    let error: unknown;
    try {
      make(options);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(EchoNetError);
    expect(error).toMatchObject({ code: "INPUT_INVALID", hint: expect.stringContaining(words) });
  });

  test("EN-847 refuses what is no game, and options that are none", () => {
    const makeOf = createTestMatch as (game: unknown, options?: unknown) => TestMatch;
    expect(() => makeOf(undefined, { peers: 2 })).toThrow(/createTestMatch takes a game, not undefined/);
    expect(() => makeOf(game)).toThrow(/say for how many, as \{ peers: 2 \}/);
  });
});
