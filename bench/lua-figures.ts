/** What the transform, Lua and its snapshots cost. */
import type { Game, Simulation } from "echo-net/core";
import { asSlot, chronosTick, type EventEnvelope, type KairosBranchId, Snapshot } from "echo-net/core";
import { loadLuaGame } from "echo-net/lua";
import splash from "../examples/splash/game.js";
import { BareLua } from "./bare-lua.js";
import { moversInArena, moversInLua, moversInObjects } from "./movers.js";
import { median } from "./statistics.js";

const MATCH = {
  kairos: "0123456789abcdef0123456789abcdef" as KairosBranchId,
  seed: new Uint8Array(32),
  slots: [asSlot(0), asSlot(1)],
};
const ROLLBACK_TICKS = 8;
const EVENTS = 100;
/** Until nothing is left to compile. */
const WARM_UP_TICKS = 400;
const NAMES = ["x", "y", "fire", "n", "power", "mode"] as const;
const PAYLOAD = { x: 1.5, y: 3.25, fire: true, n: -7, power: 3, mode: 2 };

/** One row: the median over the rounds and the least; `×` is a quotient of two things measured in turn. */
export interface LuaFigure {
  readonly name: string;
  readonly unit: "×" | "µs" | "MB";
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly aim?: string;
}

interface Measure {
  readonly name: string;
  readonly unit: LuaFigure["unit"];
  readonly aim?: string;
  sample(): number;
}

/** Microseconds of processor time of one of `count` runs: what else the machine does is not in them. */
function time(count: number, run: () => void): number {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / count;
}

/** A game by itself, with what a session does to it. */
export class Bench {
  readonly sim: Simulation;
  readonly #window = Array.from({ length: ROLLBACK_TICKS + 1 }, () => new Snapshot());
  #tick = 0;

  constructor(game: Game) {
    this.sim = game.createSimulation();
    this.sim.begin(MATCH);
    this.sim.saveInto(this.#window[0]!);
  }

  /** The newest saved state. */
  get saved(): Snapshot {
    return this.#window[0]!;
  }

  tick(events: readonly EventEnvelope[] = []): void {
    this.sim.step(chronosTick(++this.#tick), events);
    this.sim.saveInto(this.saved);
  }

  /** Goes back eight ticks and on again, saving every tick. */
  rollBack(): void {
    this.sim.restore(this.#window[0]!);
    for (let ahead = 1; ahead <= ROLLBACK_TICKS; ahead++) {
      this.sim.step(chronosTick(this.#tick + ahead), []);
      this.sim.saveInto(this.#window[ahead]!);
    }
    this.sim.restore(this.#window[0]!);
  }

  events(kind: string, payload: unknown, count: number): readonly EventEnvelope[] {
    const chronos = chronosTick(this.#tick + 1);
    return Array.from({ length: count }, (_, id) => {
      const content = this.sim.catalog.pack(kind, payload, chronos);
      return this.sim.catalog.envelope(content, id, chronos, MATCH.kairos, asSlot(0));
    });
  }

  /** Microseconds of a tick, over so many, in which all players do what the game's own input makes of no device. */
  play(ticks: number): number {
    let spent = 0;
    for (let i = 0; i < ticks; i++) {
      const chronos = chronosTick(this.#tick + 1);
      const events = MATCH.slots.flatMap((slot) =>
        this.sim.collectInput(slot, chronos, undefined).map(({ kind, payload }, id) => {
          const content = this.sim.catalog.pack(kind, payload, chronos);
          return this.sim.catalog.envelope(content, id, chronos, MATCH.kairos, slot);
        }),
      );
      spent += time(1, () => this.tick(events));
    }
    return spent / ticks;
  }

  /** Microseconds of one tick with these events, which is then undone. */
  tickWith(events: readonly EventEnvelope[]): number {
    this.sim.restore(this.saved);
    return time(1, () => this.sim.step(chronosTick(this.#tick + 1), events));
  }
}

/** Measures everything in turn, round after round. */
export async function luaFigures(rounds: number): Promise<readonly LuaFigure[]> {
  const memory = await memoryFigures();
  const measures = [await transform(), ...(await movers()), ...(await splashes()), ...(await events())];
  for (const measure of measures) for (let i = 0; i < 5; i++) measure.sample();
  const samples = measures.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, measure] of measures.entries()) samples[i]!.push(measure.sample());
  }
  const measured = measures.map(({ name, unit, aim }, i): LuaFigure => {
    const taken = samples[i]!;
    const figure = { name, unit, median: median(taken), least: Math.min(...taken), most: Math.max(...taken) };
    return aim === undefined ? figure : { ...figure, aim };
  });
  return [...measured, ...memory];
}

async function transform(): Promise<Measure> {
  const { plain, transformed } = await BareLua.pair();
  for (let i = 0; i < WARM_UP_TICKS; i++) {
    if (plain.tick() !== transformed.tick())
      throw new Error("the transformed module computes something else");
  }
  const name = "tick of 2,000 things in a script, module transformed over module as it was";
  return {
    name,
    unit: "×",
    aim: "≤ 1.15",
    sample: () => {
      transformed.refuel();
      // Neither begins with what the other left in the processor's caches.
      for (const lua of [plain, transformed]) lua.tick();
      const [first, second] = [transformed, plain].map((lua) => time(10, () => lua.tick())) as [
        number,
        number,
      ];
      const [third, fourth] = [plain, transformed].map((lua) => time(10, () => lua.tick())) as [
        number,
        number,
      ];
      return (first + fourth) / (second + third);
    },
  };
}

async function movers(): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const [count, repeats, aim] of [
    [200, 40, "≤ 400"],
    [2000, 4, "≤ 5000"],
  ] as const) {
    const [lua, objects, arena] = [
      await loadLuaGame(moversInLua(count)),
      moversInObjects(count),
      moversInArena(count),
    ].map((game) => new Bench(game)) as [Bench, Bench, Bench];
    for (const bench of [lua, objects, arena]) for (let i = 0; i < WARM_UP_TICKS; i++) bench.tick();
    const target = new Snapshot();
    lua.sim.saveInto(target);
    const [from, to] = [target.bytes.slice(0, target.length), new Uint8Array(target.length)];
    const copy = (): number => time(repeats, () => to.set(from));
    const words = count.toLocaleString("en");
    const speed = (what: string, run: () => void): Measure => ({
      name: `${what} ${words} entities (${(target.length / 1024).toFixed(0)} KiB), speed over a plain copy's`,
      unit: "×",
      aim: "≥ 0.7",
      sample: () => copy() / time(repeats, run),
    });
    const against = (what: string, other: Bench): Measure => ({
      name: `tick and save of ${words} entities, Lua over TypeScript ${what}`,
      unit: "×",
      sample: () => time(repeats, () => lua.tick()) / time(repeats, () => other.tick()),
    });
    measures.push(
      {
        name: `tick of ${words} entities and save`,
        unit: "µs",
        sample: () => time(repeats, () => lua.tick()),
      },
      speed("save of", () => lua.sim.saveInto(target)),
      speed("restore of", () => lua.sim.restore(target)),
      {
        name: `rollback over 8 ticks of ${words} entities`,
        unit: "µs",
        aim,
        sample: () => time(Math.ceil(repeats / 4), () => lua.rollBack()),
      },
      {
        name: `hash of a final tick of ${words} entities`,
        unit: "µs",
        sample: () => {
          lua.tick();
          return time(1, () => lua.sim.hash(lua.saved));
        },
      },
      against("with plain state", objects),
      against("with an arena", arena),
    );
  }
  return measures;
}

/** The demo game in both hands, played by its bots. */
async function splashes(): Promise<readonly Measure[]> {
  const lua = new Bench(await loadLuaGame(new URL("../examples/splash-lua/", import.meta.url)));
  const typeScript = new Bench(splash);
  for (const bench of [lua, typeScript]) bench.play(WARM_UP_TICKS);
  return [
    { name: "tick of Splash in Lua, two bots, and save", unit: "µs", sample: () => lua.play(60) },
    {
      name: "tick and save of Splash, Lua over TypeScript",
      unit: "×",
      sample: () => lua.play(60) / typeScript.play(60),
    },
  ];
}

async function events(): Promise<readonly Measure[]> {
  const fields = `{ x = "f32", y = "f32", fire = "bool", n = "i16", power = "u8", mode = "u8" }`;
  const values = NAMES.map((name) => `${name} = ${PAYLOAD[name]}`).join(", ");
  const game = await loadLuaGame({
    "player.lua": `
      echo.network.event("comes", { fields = ${fields} })
      echo.network.event("goes", { fields = ${fields} })
      echo.network.event("burst", { fields = { n = "u16" } })
      function on_comes(evt) end
      function on_burst(evt) for i = 1, evt.payload.n do echo.network.emit("goes", { ${values} }) end end`,
  });
  const bench = new Bench(game);
  for (let i = 0; i < WARM_UP_TICKS / 4; i++) {
    bench.tick([...bench.events("comes", PAYLOAD, EVENTS), ...bench.events("burst", { n: EVENTS }, 1)]);
  }
  const one = (name: string, many: readonly EventEnvelope[], few: readonly EventEnvelope[]): Measure => ({
    name: `event of six fields ${name}`,
    unit: "µs",
    aim: "≤ 1",
    sample: () => {
      const [more, less] = [many, few].map((list) =>
        median(Array.from({ length: 15 }, () => bench.tickWith(list))),
      ) as [number, number];
      return (more - less) / EVENTS;
    },
  });
  return [
    one("in", bench.events("comes", PAYLOAD, EVENTS), []),
    one("out", bench.events("burst", { n: EVENTS }, 1), bench.events("burst", { n: 0 }, 1)),
  ];
}

const MEBIBYTE = 1024 * 1024;

/** What a match of 2,000 entities adds to the process: measured before anything else is loaded. */
async function memoryFigures(): Promise<readonly LuaFigure[]> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const bench = new Bench(await loadLuaGame(moversInLua(2000)));
  for (let i = 0; i < 60; i++) {
    bench.tick();
    bench.rollBack();
  }
  const peak = process.resourceUsage().maxRSS * 1024 - before;
  const figure = (name: string, bytes: number): LuaFigure => {
    const value = bytes / MEBIBYTE;
    return { name, unit: "MB", median: value, least: value, most: value };
  };
  return [
    figure("peak that loading and rolling back 2,000 entities adds to the process", peak),
    figure("one saved state of 2,000 entities", bench.saved.length),
  ];
}
