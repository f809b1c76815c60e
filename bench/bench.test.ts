import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadLuaGame } from "echo-net/lua";
import { describe, expect, test } from "vitest";
import { CONTENDERS } from "./contenders.js";
import { echoNet, echoNetPlain } from "./echo-net.js";
import { idleBytesPerTick } from "./idle.js";
import { Bench, luaFigures } from "./lua-figures.js";
import { moversInArena, moversInLua, moversInObjects, placesAfter } from "./movers.js";
import { nothing } from "./nothing.js";
import { type Figures, play } from "./play.js";
import { recordedOf } from "./recorded.js";
import { NETWORKS, type Network } from "./work.js";

const TICKS = 900;

const played = (name: string, network: Network, players: number): Promise<Figures> =>
  play(CONTENDERS.find((contender) => contender.name === name)!, { network, players, ticks: TICKS, seed: 1 });

describe("a tick in which nothing changes", () => {
  /** Of one peer of two; a payload of 8 bytes for each player's handler is 500 of them. */
  const BYTES_MAX = 4_500;

  test("allocates no more than its outputs, envelopes and datagram", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const harness = await idleBytesPerTick(nothing, 2, collect);
    const bytes = (await idleBytesPerTick(echoNet, 2, collect)) - harness;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(BYTES_MAX);
  });
});

describe.each(NETWORKS)("the benchmark's work on $name", (network) => {
  const libraries = CONTENDERS.filter((contender) => contender !== nothing);

  test.each(libraries.map(({ name }) => name))("%s comes to the state that the inputs give", async (name) => {
    // `play` throws where a peer comes to another.
    const figures = await played(name, network, 2);
    expect(figures.bytes).toBeGreaterThan(8);
    expect(figures.datagrams).toBeGreaterThan(0.9);
    if (network.latencyMs > 0) expect(figures.resimulatedPerThousand).toBeGreaterThan(500);
  });

  test.each([
    [echoNet.name, 2],
    [echoNetPlain.name, 2],
    [echoNet.name, 4],
  ])("%s with %i players sends fewer bytes than GGRS was recorded with", async (name, players) => {
    const { bytes, datagrams } = await played(name, network, players);
    // Nothing was recorded on W, where less is under way than on mobile.
    const recorded =
      recordedOf("GGRS", players, network.name)?.bytes ?? recordedOf("GGRS", players, "mobile")!.bytes!;
    expect(bytes).toBeLessThan(recorded);
    expect(datagrams).toBeLessThan(1.1 * (players - 1));
  });
});

describe("what is measured of Lua", () => {
  test("is one game in three hands, rolled back to the same places", async () => {
    const [count, ticks] = [50, 400];
    const benches = [await loadLuaGame(moversInLua(count)), moversInObjects(count), moversInArena(count)].map(
      (game) => new Bench(game),
    );
    for (const bench of benches) {
      for (let tick = 0; tick < ticks; tick++) {
        bench.tick();
        if (tick % 50 === 0) bench.rollBack();
      }
    }
    const [lua, objects, arena] = benches.map(({ sim, saved }) => sim.viewOf(saved) as any);
    const places = placesAfter(count, ticks);
    expect(lua.slice(3).map(({ components: { x, y } }: any) => [x, y])).toEqual(places);
    expect(objects.movers.map(({ x, y }: any) => [x, y])).toEqual(places);
    expect(places.map((_, i) => [arena.cells[4 * i], arena.cells[4 * i + 1]])).toEqual(places);
  });

  test("has a figure in every row", async () => {
    const figures = await luaFigures(1);
    expect(figures.length).toBeGreaterThan(15);
    for (const { name, median, least, most } of figures) {
      expect(median, name).toBeGreaterThan(0);
      expect(least, name).toBeLessThanOrEqual(median);
      expect(most, name).toBeGreaterThanOrEqual(median);
    }
  });
});
