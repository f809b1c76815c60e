import { describe, expect, test } from "vitest";
import { fromHost } from "../bundles/from-host.js";
import type { GameFromHost } from "../bundles/game-from-host.js";
import { gameOfHost } from "../bundles/game-of-host.js";
import { readJournal } from "../core/journal/reader.js";
import { defineGame } from "../game/define-game.js";
import { loadLuaGame } from "../lua/load-lua-game.js";
import { MemoryNetwork, memory } from "../transports/memory/index.js";
import { joinMatch } from "./join-match.js";
import type { MatchSession } from "./match-session.js";

const POND = {
  "player.lua": `
    self.drops = 0
    function on_input() if echo.chronos() % 3 == 0 then echo.network.emit("drop", { by = 1 }) end end
    function on_drop(evt) self.drops = self.drops + evt.payload.by end
    -- ${"long ".repeat(4_000)}
  `,
  "world.lua": "self.age = 0 function on_tick() self.age = self.age + 1 end",
};

const refusalOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => undefined,
    (error: unknown) => error,
  );

async function play(sessions: readonly MatchSession[]): Promise<void> {
  while (sessions.every((session) => session.ended === undefined)) {
    for (const session of sessions) session.update(performance.now());
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  await Promise.all(sessions.map((session) => session.leave()));
}

describe("joinMatch(fromHost(), …)", () => {
  test("EN-774 plays the host's game with nothing but the invite, to equal journals", async () => {
    const network = new MemoryNetwork();
    const lines: [string[], string[]] = [[], []];
    const told: [number, number][] = [];
    const sink = (peer: 0 | 1) => ({ line: (line: string) => lines[peer].push(line) });
    const pond = await loadLuaGame(POND, { name: "pond" });
    const sessions = await Promise.all([
      joinMatch(pond, { transport: memory(network), ticks: 40, journal: sink(0) }),
      joinMatch(fromHost(), {
        transport: memory(network),
        journal: sink(1),
        onGame: (received, total) => told.push([received, total]),
      }),
    ]);
    await play(sessions);
    expect(lines[1]).toEqual(lines[0]);
    const reading = readJournal(new TextEncoder().encode(`${lines[1].join("\n")}\n`));
    expect(reading).toMatchObject({ ok: true, journal: { complete: true, bundle: pond.bundle } });
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(([, total]) => total))).toEqual(new Set([pond.bundle.length]));
  });

  test("EN-775 is refused in words where the host's game does not come, or would be the host's own", async () => {
    const plain = defineGame({ name: "plain", version: "1", events: {}, setup: () => ({ n: 0 }) });
    const network = new MemoryNetwork();
    const waiting = new AbortController();
    const host = joinMatch(plain, { transport: memory(network), signal: waiting.signal });
    const refused = await refusalOf(joinMatch(fromHost(), { transport: memory(network) }));
    expect(refused).toMatchObject({
      code: "INPUT_INVALID",
      hint: expect.stringContaining("does not come with its invite"),
    });
    waiting.abort();
    await refusalOf(host);
    const alone = await refusalOf(joinMatch(fromHost(), { transport: memory(new MemoryNetwork()) }));
    expect(alone).toMatchObject({
      code: "INPUT_INVALID",
      hint: "whoever is first in a room is its host, of whom fromHost() gets the game: come after the host, or bring the game",
    });
  });

  test("EN-775 ends with its signal, and rejects with what loading the game said", async () => {
    const network = new MemoryNetwork();
    const pond = await loadLuaGame(POND);
    const waiting = new AbortController();
    const host = joinMatch(pond, { transport: memory(network), players: 3, signal: waiting.signal });
    const failing: GameFromHost = {
      fetchFromHost: (fetch) => gameOfHost(() => Promise.reject(new Error("not today")), fetch),
    };
    expect(await refusalOf(joinMatch(failing, { transport: memory(network) }))).toMatchObject({
      message: "not today",
    });
    const ending = new AbortController();
    const ended = refusalOf(
      joinMatch(fromHost(), {
        transport: memory(network),
        signal: ending.signal,
        onGame: () => ending.abort(new Error("enough")),
      }),
    );
    expect(await ended).toMatchObject({ message: "enough" });
    waiting.abort();
    await refusalOf(host);
  });
});
