import { describe, expect, test } from "vitest";
import type { LineSink } from "../src/core/journal/sink.js";
import type { Output } from "../src/core/session/outputs.js";
import { defineGame, event, t } from "../src/index.js";
import { joinMatch } from "../src/match/join-match.js";
import { createTestMatch, type TestMatch, type TestMatchOptions } from "../src/testing/match.js";
import { MemoryNetwork, memory } from "../src/transports/memory/index.js";
import { pads, restless } from "./games/pads.js";

const play = (options: Partial<TestMatchOptions> = {}): TestMatch =>
  createTestMatch(pads, { peers: 2, seed: 3, net: "good", inputDelayTicks: 0, input: restless, ...options });

describe("a session's user", () => {
  test("EN-532 hears in the next update what was refused before it", () => {
    const refused: string[] = [];
    const match = play({
      onOutput: (peer, output) => {
        if (output.type === "refused" && peer === 0) refused.push(`${output.envelope.kind} ${output.reason}`);
      },
    });
    match.runTicks(60);
    for (let i = 0; i < 300; i++) match.peers[0]!.emit("take", { coin: i % 4 });
    match.runTicks(10);
    // 256 wait, of which one tick takes 64 less its sample.
    expect(refused.filter((what) => what === "take quota").length).toBe(44 + 256 - 63);
  });

  test("EN-532 is told of a time that is none, and loses nothing by it", () => {
    const match = play({ ticks: 200 });
    match.runTicks(60);
    const { session } = match.peers[0]!;
    for (const nowMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => session.update(nowMs)).toThrow(/milliseconds/);
    }
    match.runToEnd();
    match.assertAgreed();
  });

  test("EN-532 may hand in a time that has passed, and nothing runs twice", () => {
    const match = play({ ticks: 200 });
    match.runTicks(60);
    const { session } = match.peers[0]!;
    const { tick, datagramsSent } = session.stats();
    for (let i = 0; i < 100; i++) session.update(-1_000_000 - i);
    expect(session.stats().tick - tick).toBeLessThanOrEqual(1);
    expect(session.stats().datagramsSent - datagramsSent).toBeLessThanOrEqual(1);
    match.runToEnd();
    match.assertAgreed();
  });
});

describe("what a session writes to", () => {
  test.each(["journal", "trace"] as const)(
    "EN-541 a %s that throws is told once, and all play on",
    async (where) => {
      const network = new MemoryNetwork();
      const journals: string[][] = [[], [], []];
      let written = 0;
      const fullDisk: LineSink = {
        line: () => {
          if (++written >= 50) throw new Error("the disk is full");
        },
      };
      const sessions = await Promise.all(
        journals.map((lines, peer) =>
          joinMatch(pads, {
            transport: memory(network),
            players: 3,
            ticks: 400,
            journal: { line: (text) => lines.push(text) },
            ...(peer === 1 ? { [where]: fullDisk } : {}),
          }),
        ),
      );
      const thrown: unknown[] = [];
      let frames = 0;
      for (; frames < 1_000 && sessions.some(({ ended }) => ended === undefined); frames++) {
        for (const [peer, session] of sessions.entries()) {
          session.setInput({ x: (frames >> peer) % 3 });
          try {
            session.update(17 * frames);
          } catch (error) {
            thrown.push(error);
          }
        }
      }
      expect(thrown).toMatchObject([{ message: "the disk is full" }]);
      expect(written).toBe(50);
      expect(sessions.map(({ ended }) => ended)).toEqual(["finished", "finished", "finished"]);
      expect(journals[2]).toEqual(journals[0]);
      for (const session of sessions) expect(session.view().final).toEqual(sessions[0]!.view().final);
      await Promise.all(sessions.map((session) => session.leave()));
    },
  );
});

describe("a player who looks elsewhere", () => {
  test("EN-539 is told to the others as away, and as connected once back, whatever is lost or late", () => {
    const heard: string[] = [];
    const match = play({
      peers: 3,
      net: "mobile",
      ticks: 300,
      onOutput: (peer, output) => {
        if (output.type === "peer") heard.push(`${peer} hears that ${output.slot} is ${output.status}`);
      },
    });
    match.runTicks(60);
    for (const away of [true, false]) {
      heard.length = 0;
      match.peers[1]!.session.setAway(away);
      match.runTicks(60);
      const status = away ? "away" : "connected";
      expect(heard.sort()).toEqual([`0 hears that 1 is ${status}`, `2 hears that 1 is ${status}`]);
    }
    match.runToEnd();
    match.assertAgreed();
  });
});

test("EN-538 a link tells how much of what was sent has not arrived", () => {
  for (const loss of [0, 0.3]) {
    const match = play({ net: { latencyMs: 20, loss } });
    match.runTicks(600);
    const [link] = match.peers[0]!.session.stats().links;
    expect(link!.datagramsOwed).toBeGreaterThanOrEqual(550);
    const missing = 1 - link!.datagramsReceived / link!.datagramsOwed;
    expect(missing).toBeGreaterThanOrEqual(loss - 0.1);
    expect(missing).toBeLessThanOrEqual(loss === 0 ? 0 : loss + 0.1);
  }
});

describe("effects past the end of a match", () => {
  for (const end of ["leave", "silence"] as const) {
    test(`EN-521 are cancelled when it ends by ${end}`, () => {
      const open = [0, 1].map(() => new Map<string, Output>());
      let cancelledAtEnd = 0;
      const match = createTestMatch(pads, {
        peers: 2,
        seed: 4,
        net: "latency=60",
        inputDelayTicks: 0,
        input: restless,
        onOutput: (peer, output) => {
          if (output.type !== "effect") return;
          if (output.phase === "predicted") open[peer]!.set(output.key, output);
          if (output.phase === "confirmed" || output.phase === "cancelled") open[peer]!.delete(output.key);
          if (output.phase === "cancelled") cancelledAtEnd++;
        },
      });
      match.runTicks(100);
      for (let tick = 0; tick < 40; tick++) {
        match.peers[0]!.emit("take", { coin: tick % 4 });
        match.runTicks(1);
      }
      if (end === "leave") match.peers[1]!.leave();
      else match.silence(1);
      for (let tick = 0; tick < 900; tick++) {
        match.peers[0]!.emit("take", { coin: tick % 4 });
        match.runTicks(1);
      }
      expect(match.peers[0]!.ended).toBeDefined();
      expect(cancelledAtEnd).toBeGreaterThan(0);
      expect([...open[0]!.keys()]).toEqual([]);
      if (end === "leave") expect([...open[1]!.keys()]).toEqual([]);
    });
  }
});

describe("what a session shows", () => {
  const counting = defineGame({
    name: "counting",
    version: "1",
    tickHz: 20,
    events: { hold: event({ x: t.i8 }, { predict: "repeat" }), ping: event({}) },
    effects: { pong: {} },
    setup: () => ({ tick: 0, pings: 0 }),
    on: {
      ping: (state, evt, ctx) => {
        state.pings++;
        ctx.effect("pong", `${evt.slot}`, {});
      },
    },
    step: (state, ctx) => {
      if (state.pings > 1) throw new Error("no more than one");
      state.tick = ctx.chronos;
    },
    input: (_device, emit) => emit("hold", { x: 1 }),
  });

  test.each(["lockstep", "rollback"] as const)(
    "EN-542 is the head and the tick before it, in %s too where both are confirmed at once",
    (mode) => {
      const match = createTestMatch(counting, { peers: 2, mode, net: "lan", inputDelayTicks: 2 });
      for (let tick = 1; tick <= 40; tick++) {
        match.runTicks(1);
        for (const { session } of match.peers) {
          const { previous, current, final } = session.view();
          expect([previous.tick, current.tick]).toEqual([session.stats().tick - 1, session.stats().tick]);
          expect(final.tick).toBe(session.final.chronos);
        }
      }
    },
  );

  test("EN-542 is so too where a rollback ends at a tick that cannot run", () => {
    const match = createTestMatch(counting, { peers: 2, net: "latency=150", inputDelayTicks: 0 });
    match.setInputDelay(1, 10);
    match.runTicks(40);
    for (let ping = 0; ping < 2; ping++) match.peers[0]!.emit("ping", {});
    for (let tick = 0; tick < 40; tick++) {
      match.runTicks(1);
      for (const { session } of match.peers) {
        const { previous, current } = session.view();
        expect(previous.tick).toBe(current.tick - 1);
      }
    }
    expect(match.peers[1]!.ended).toMatchObject({ reason: "game-fault" });
  });

  test("EN-543 is how long ago an effect began, also where a rollback brings it up", () => {
    const told: Output[] = [];
    const match = createTestMatch(counting, {
      peers: 2,
      net: "latency=400",
      inputDelayTicks: 0,
      onOutput: (peer, output) => {
        if (peer === 1 && (output.type === "effect" || output.type === "rollback")) told.push(output);
      },
    });
    match.runTicks(40);
    match.peers[0]!.emit("ping", {});
    match.runTicks(40);
    const [effect, rollback] = told;
    expect(effect).toMatchObject({ type: "effect", phase: "predicted" });
    expect(rollback).toMatchObject({ type: "rollback" });
    const [{ ageTicks, chronos }, { from, depthTicks }] = [effect, rollback] as any[];
    expect(ageTicks).toBe(from - chronos);
    expect(ageTicks).toBe(depthTicks - 1);
    expect(ageTicks).toBeGreaterThan(1);
  });
});

test("EN-511 a stalled peer that ran faster than its own clock until then keeps talking", () => {
  const match = play({ frameMs: 1000 / 144, clockDrift: 0.05, net: "lan" });
  match.runTicks(3_600);
  expect(Math.max(...match.peers.map(({ stats }) => stats.clockRate))).toBeGreaterThan(1.005);
  const before = match.peers.map(({ stats }) => stats.datagramsSent);
  match.partition([0], [1]);
  match.runTicks(120);
  for (const [peer, { stats }] of match.peers.entries()) {
    expect(stats.datagramsSent - before[peer]!).toBeGreaterThan(110);
  }
});

describe("what has no words", () => {
  const wordless = [
    Object.create(null),
    Object.assign(() => 1, { toString: null }),
    Symbol("odd"),
    undefined,
  ];
  const throwing = defineGame({
    name: "throwing",
    version: "1",
    events: { ask: event({ how: t.u8 }) },
    setup: () => ({ asked: 0 }),
    on: {
      ask: (state, evt) => {
        state.asked++;
        throw wordless[evt.payload.how];
      },
    },
  });

  test("EN-544 ends no update where a game throws it or a user emits it", () => {
    const heard: string[] = [];
    const match = createTestMatch(throwing, {
      peers: 2,
      inputDelayTicks: 0,
      ticks: 60,
      trace: true,
      onOutput: (peer, output) => {
        if (output.type === "fault") heard.push(`${peer} fault`);
        if (output.type === "refused") heard.push(`${peer} ${output.reason}`);
      },
    });
    const unreadable = {
      get how(): never {
        throw Object.create(null);
      },
    };
    wordless.forEach((payload, how) => {
      match.runTicks(4);
      match.peers[0]!.emit("ask", { how });
      match.peers[0]!.emit("ask", payload);
      match.peers[0]!.emit("ask", unreadable);
    });
    match.runToEnd();
    match.assertAgreed();
    expect(heard.sort()).toEqual([
      ...new Array(4).fill("0 fault"),
      ...new Array(8).fill("0 malformed"),
      ...new Array(4).fill("1 fault"),
    ]);
  });
});
