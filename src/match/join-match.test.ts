import { describe, expect, test, vi } from "vitest";
import type { Hash } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import { event, t } from "../core/envelope/declare.js";
import { encodeInvite } from "../core/guard/invite.js";
import { defineGame } from "../game/define-game.js";
import { MemoryNetwork, memory } from "../transports/memory/index.js";
import type { TransportOption } from "../transports/transport-option.js";
import { udp } from "../transports/udp/index.js";
import { joinMatch } from "./join-match.js";
import type { MatchSession } from "./match-session.js";
import type { JoinOptions } from "./options.js";

const game = defineGame({
  name: "join test",
  version: "1",
  events: { add: event({ by: t.u8 }) },
  setup: () => ({ total: 0 }),
  on: {
    add: (state, evt) => {
      state.total += evt.payload.by;
    },
  },
});

/** Two players of one process who have met. */
async function pair(options: Partial<JoinOptions> = {}): Promise<[MatchSession, MatchSession]> {
  const network = new MemoryNetwork();
  return await Promise.all([
    joinMatch(game, { ...options, transport: memory(network) }),
    joinMatch(game, { ...options, transport: memory(network) }),
  ]);
}

/** Frames of both, until one of them has ended. */
async function play(sessions: readonly MatchSession[], clock: () => number): Promise<void> {
  while (sessions.every((session) => session.ended === undefined)) {
    for (const session of sessions) session.update(clock());
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

const refusalOf = async (action: () => unknown): Promise<unknown> => {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe("joinMatch", () => {
  test.each([
    ["performance.now()", () => performance.now()],
    ["Date.now()", () => Date.now()],
  ])("EN-770 a match runs on %s, and ends at once where a player leaves", async (_, clock) => {
    const [a, b] = await pair({ ticks: 600 });
    a.emit("add", { by: 3 });
    for (const session of [a, b]) session.update(clock());
    const leaving = a.leave();
    await play([b], clock);
    await leaving;
    expect([a.ended, b.ended]).toEqual(["left", "left"]);
    await b.leave();
    expect(a.view().final).toEqual(b.view().final);
  });

  test("EN-770 a session tells who plays at which end", async () => {
    const [a, b] = await pair({
      players: 3,
      onWaiting: (present, _, takeRest) => {
        if (present === 2) takeRest();
      },
    });
    const ends = [a, b].map(({ peers }) => peers.map(({ slots, isLocal }) => [isLocal, ...slots]));
    expect(ends).toEqual([
      [
        [true, 0, 1],
        [false, 2],
      ],
      [
        [false, 0, 1],
        [true, 2],
      ],
    ]);
    expect([a.ticks, b.ticks]).toEqual([undefined, undefined]);
    await Promise.all([a.leave(), b.leave()]);
  });

  test("EN-770 a time that is no number is refused, and changes nothing", async () => {
    const [a, b] = await pair({ ticks: 5 });
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
      const refusal = await refusalOf(() => a.update(wrong as number));
      expect(refusal).toMatchObject({ code: "INPUT_INVALID", hint: expect.stringContaining(String(wrong)) });
    }
    await play([a, b], () => performance.now());
    expect(a.view().alpha).not.toBeNaN();
    await Promise.all([a.leave(), b.leave()]);
  });

  const here = (): JoinOptions["transport"] => memory(new MemoryNetwork());
  test.each([
    [{ player: 3 }, "joinMatch has no option player; its options are transport, mode, players"],
    [{ transport: undefined }, "joinMatch needs a transport: udp({ port: 7777 }) hosts"],
    [{ transport: udp as unknown }, "joinMatch needs a transport"],
    [{ players: 9 }, "players is not a whole number from 1 to 8"],
    [{ windowTicks: 0 }, "windowTicks is a whole number from 1 to 60, not 0"],
    [{ inputDelayTicks: 31 }, 'inputDelayTicks is "auto" or a whole number from 0 to 30, not 31'],
    [{ localSlots: 3 }, "a host brings 0 to 2 players, not 3"],
    [{ timeoutMs: Number.NaN }, "timeoutMs is a number of milliseconds above 0"],
    [{ ticks: 0 }, "ticks is not a whole number"],
    [{ mode: "hybrid" }, "hybrid mode is not part of this version"],
  ])("EN-771 refuses %j before anybody waits", async (wrong, words) => {
    const options = { transport: here(), ...wrong } as JoinOptions;
    const refusal = await refusalOf(() => joinMatch(game, options));
    expect(refusal).toBeInstanceOf(EchoNetError);
    expect(refusal).toMatchObject({ code: "INPUT_INVALID", hint: expect.stringContaining(words) });
  });

  test.each([
    [undefined, "joinMatch takes a game, not undefined: hand it what defineGame returned"],
    [{ name: "pond" }, "joinMatch takes a game, not an object that is none"],
    [{ default: game }, "not an object that is none: hand it its default, which is one"],
    [defineGame, "not the function defineGame: hand it what defineGame returned"],
  ])("EN-771 refuses what is no game: %#", async (wrong, words) => {
    const refusal = await refusalOf(() => joinMatch(wrong as unknown as typeof game, { transport: here() }));
    expect(refusal).toMatchObject({ code: "GAME_INVALID", hint: expect.stringContaining(words) });
  });

  test("EN-771 refuses an invite that was forgotten, and options that are none", async () => {
    const forgotten = udp({ invite: undefined as unknown as string });
    const refusal = await refusalOf(() => joinMatch(game, { transport: forgotten }));
    expect(refusal).toMatchObject({
      code: "INPUT_INVALID",
      hint: expect.stringContaining("takes an invite"),
    });
    const none = await refusalOf(() => joinMatch(game, undefined as unknown as JoinOptions));
    expect(none).toMatchObject({ code: "INPUT_INVALID", hint: expect.stringContaining("transport") });
    const word = await refusalOf(() => udp("echo-net:word" as unknown as { port: number }));
    expect(word).toMatchObject({ code: "INPUT_INVALID", hint: expect.stringContaining("{ invite }") });
  });

  test("EN-772 a game that cannot begin is refused before others are invited", async () => {
    class Ship {}
    const broken = defineGame({
      name: "broken",
      version: "1",
      events: {},
      setup: () => ({ ship: new Ship() }),
    });
    const invites: string[] = [];
    const refusal = await refusalOf(() =>
      joinMatch(broken, { transport: here(), onInvite: (word) => invites.push(word) }),
    );
    expect(refusal).toMatchObject({ code: "GAME_INVALID", hint: expect.stringContaining("state.ship") });
    expect(invites).toEqual([]);
  });

  test("EN-773 what a journal threw while the page was hidden is thrown by the next update, once", async () => {
    const workers: { onmessage: (() => void) | null }[] = [];
    const document = Object.assign(new EventTarget(), { hidden: true });
    vi.stubGlobal("document", document);
    vi.stubGlobal(
      "Worker",
      class {
        onmessage: (() => void) | null = null;
        constructor() {
          workers.push(this);
        }
        postMessage(): void {}
        terminate(): void {}
      },
    );
    try {
      const network = new MemoryNetwork();
      let written = 0;
      const line = (): void => {
        if (++written === 10) throw new Error("the disk is full");
      };
      const [a, b] = await Promise.all([
        joinMatch(game, { transport: memory(network), journal: { line } }),
        joinMatch(game, { transport: memory(network) }),
      ]);
      while (written < 10) {
        for (const { onmessage } of workers) onmessage!();
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
      document.hidden = false;
      expect(() => a.update(performance.now())).toThrow("the disk is full");
      expect(a.update(performance.now()).length).toBeGreaterThan(0);
      await Promise.all([a.leave(), b.leave()]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("EN-778 leaving closes the transport also where the journal cannot be written any more", async () => {
    const network = new MemoryNetwork();
    let isFull = false;
    const line = (): void => {
      if (isFull) throw new Error("the disk is full");
    };
    const door = memory(network);
    const opened = door.open();
    const [a, b] = await Promise.all([
      joinMatch(game, { transport: { ...door, open: () => opened }, journal: { line } }),
      joinMatch(game, { transport: memory(network) }),
    ]);
    const close = vi.spyOn(await opened, "close");
    isFull = true;
    const frames = setInterval(() => b.update(performance.now()), 4);
    expect(await refusalOf(() => a.leave())).toMatchObject({ message: "the disk is full" });
    clearInterval(frames);
    expect(close).toHaveBeenCalledOnce();
  });

  test("EN-779 who leaves tells the others before anything else happens, since a page that closes runs no further", async () => {
    const network = new MemoryNetwork();
    const door = memory(network);
    const opened = door.open();
    const [a, b] = await Promise.all([
      joinMatch(game, { transport: { ...door, open: () => opened } }),
      joinMatch(game, { transport: memory(network) }),
    ]);
    const send = vi.spyOn(await opened, "send");
    const before = a.stats().tick;
    while (a.stats().tick < before + 20) {
      for (const session of [a, b]) session.update(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    // What is due has just been sent.
    a.update(performance.now());
    const leaving = a.leave();
    send.mockImplementation(() => {});
    const told: string[] = [];
    while (told.length === 0) {
      for (const out of b.update(performance.now())) if (out.type === "peer") told.push(out.status);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    expect(told).toEqual(["left"]);
    send.mockRestore();
    await Promise.all([leaving, b.leave()]);
  });

  test("EN-776 a transport is told what is known of the match, when nobody else need be let in, and of leaving", async () => {
    const network = new MemoryNetwork();
    const told: unknown[] = [];
    const calling = new AbortController();
    const spied = (option: TransportOption): TransportOption => ({
      ...option,
      open: (wishes) => {
        told.push(wishes);
        return option.open(wishes);
      },
      begun: () => told.push("begun"),
      leaving: () => told.push("leaving"),
    });
    const door = memory(network);
    const opened = door.open();
    const [a, b] = await Promise.all([
      joinMatch(game, {
        transport: spied({ ...door, open: () => opened }),
        signal: calling.signal,
        ticks: 5,
      }),
      joinMatch(game, { transport: memory(network) }),
    ]);
    expect(told).toEqual([{ signal: calling.signal, players: 2, game: game.fingerprint }, "begun"]);
    await play([a, b], () => performance.now());
    const sent = vi.spyOn(await opened, "send").mockImplementation(() => told.push("word"));
    const leaving = a.leave();
    expect(told.slice(2, 4)).toEqual(["leaving", "word"]);
    sent.mockRestore();
    await Promise.all([leaving, b.leave()]);
  });

  test("EN-776 a transport that knows why nobody was reached says so in the refusal", async () => {
    const network = new MemoryNetwork();
    const door = memory(network);
    const invite = encodeInvite({
      addresses: ["memory:9"],
      hostKey: new Uint8Array(32).fill(1),
      sessionId: "00".repeat(32) as Hash,
      secret: new Uint8Array(16),
    });
    door.announce?.(invite);
    const lost = memory(network);
    const transport: TransportOption = {
      role: "join",
      invite,
      open: () => lost.open(),
      diagnose: () => [{ reason: "no-answer", hint: "Member 0 never answered." }],
    };
    const refusal = await refusalOf(() => joinMatch(game, { transport, timeoutMs: 50 }));
    expect(refusal).toMatchObject({
      code: "NO_ROUTE",
      hint: expect.stringMatching(/memory:9.*Member 0 never answered/),
    });
  });
});
