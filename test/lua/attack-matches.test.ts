import { createTestMatch } from "echo-net/testing";
import { describe, expect, test } from "vitest";
import { loadLuaGame } from "../../src/lua/index.js";
import { ATTACKS, attacked } from "./attacks.js";

const TICKS = 150;
/** Ticks for which a player attacks when that was pressed, and how often. */
const FIRST_ATTACK = 30;
const ATTACK_EVERY = 20;

/** Of every kind: what never ends, in Lua and in C; stack; memory, in Lua and in C; garbage; what goes to the host. */
const KINDS: readonly (readonly [name: string, told: RegExp])[] = [
  ["a loop under pcall", /player\.lua:6: 8,000,000 units of fuel are used up/],
  ["a pattern that blows up", /player\.lua:6: 8,000,000 units of fuel are used up/],
  ["deep recursion in C", /player\.lua:6: C stack overflow/],
  ["a bomb of rep", /player\.lua:6: not enough memory/],
  ["coroutines within coroutines", /player\.lua:6: player\.lua:6: /],
  ["__gc that never ends", /player\.lua:6: 4,000,000 units of fuel are used up/],
  ["a flood of emits", /player\.lua:6: one tick emits more than 1024/],
  ["a flood of spawns under pcall", /player\.lua:6: 8,000,000 units of fuel are used up/],
  ["replacing the engine's own", /player\.lua:6: 8,000,000 units of fuel are used up/],
];

/** What a journal says of each tick, from 0 on: its events, and the hash of its state. */
const ticksOf = (journal: string): readonly string[] =>
  journal.split("\n").filter((line) => line.includes('"type":"tick"'));

describe("an attack in a match", () => {
  test.each(KINDS)(
    "EN-1136 by %s is told alike by every peer, and the match goes on",
    async (name, told) => {
      const game = await loadLuaGame({
        ...attacked(ATTACKS[name]!),
        "player.lua": `self.ticks, self.attacks = 0, 0
    function on_tick() self.ticks = self.ticks + 1 end
    function on_hit(evt) self.attacks = self.attacks + 1 end
    function on_input() if echo.input then echo.network.emit("hit", {}) echo.network.emit("attack", {}) end end
    function on_attack(evt)
      ${ATTACKS[name]}
    end`,
      });
      const faults: Map<number, string>[] = [new Map(), new Map(), new Map()];
      const match = createTestMatch(game, {
        peers: 3,
        seed: 7,
        net: "lossy",
        ticks: TICKS,
        journal: true,
        input: (slot, chronos) =>
          slot === 1 && chronos >= FIRST_ATTACK && chronos % ATTACK_EVERY === 0 ? "attack" : undefined,
        onOutput: (peer, output) => {
          if (output.type !== "fault") return;
          const { chronos, where, error } = output;
          const before = faults[peer]!.get(chronos) ?? "";
          faults[peer]!.set(chronos, `${before}${where}: ${(error as Error).message}\n`);
        },
      });
      match.runToEnd();
      match.assertAgreed();
      const [first, ...others] = match.peers.map((peer) => peer.session.view().final as any[]);
      for (const other of others) expect(other).toEqual(first);
      const [journal, ...copies] = match.peers.map((peer) => ticksOf(peer.journal!));
      expect(journal).toHaveLength(TICKS + 1);
      for (const copy of copies) expect(copy).toEqual(journal);
      expect(match.peers.some((peer) => peer.rollbacks > 0)).toBe(true);
      const players = first!.filter(({ script }) => script === "player");
      expect(players).toHaveLength(3);
      expect(players[1].components.attacks).toBe(6);
      // The others miss no tick but those in which no script may run any more.
      expect(players[0].components.ticks).toBeGreaterThanOrEqual(TICKS - 6);
      const [mine, ...theirs] = faults;
      expect([...mine!.values()].join("")).toMatch(told);
      for (const other of theirs) expect(other).toEqual(mine);
    },
    120_000,
  );
});
