/** The game on a stage for tests: one simulation without a network, in which a test sets up what it wants to see. */
import { readdirSync, readFileSync } from "node:fs";
import type { EventEnvelope } from "../../src/core/envelope/event-envelope.js";
import { loadLuaGame } from "../../src/lua/index.js";
import { Solo } from "../../test/lua/solo.js";

export const FOLDER: string = new URL(".", import.meta.url).pathname;
export const WIDTH = 15;
/** A cell's number, from its column and row, rim included. */
export const cellAt = (x: number, y: number): number => y * WIDTH + x + 1;

/** The game's scripts, and a callback of the players' by which a test may change anything between two ticks. */
function scriptsWithHook(): Record<string, string> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".lua"));
  const scripts = Object.fromEntries(files.map((file) => [file, readFileSync(FOLDER + file, "utf8")]));
  scripts["player.lua"] += `
    echo.network.event("stage", { fields = { code = "text(4000)" } })
    function on_stage(evt)
      _G.world, _G.players = world, echo.players()
      assert(load(evt.payload.code))()
    end`;
  return scripts;
}

export type Heading = "up" | "right" | "down" | "left";

export interface Effect {
  readonly name: string;
  readonly data: unknown;
}

export class Stage {
  readonly solo: Solo;
  /** What was asked for in the last tick. */
  effects: Effect[] = [];

  /** A match whose board has walls alone, with players at these places. */
  static async with(...places: readonly (readonly [x: number, y: number])[]): Promise<Stage> {
    const stage = new Stage(new Solo(await loadLuaGame(scriptsWithHook()), places.length));
    stage.set(`for cell, kind in ipairs(world.board) do if kind == 2 then world.board[cell] = 0 end end`);
    stage.set(
      places.map(([x, y], i) => `players[${i + 1}]:come_back(${cellAt(x, y)}, echo.chronos())`).join(" "),
    );
    stage.set("for _, player in ipairs(players) do player.shielded_until = 0 end");
    return stage;
  }

  constructor(solo: Solo) {
    this.solo = solo;
  }

  /** Runs Lua in a tick of its own, as slot 0, with `world` and `players`. */
  set(code: string): void {
    this.run([this.solo.event("stage", { code })]);
  }

  /** Runs one tick in which players steer as given, by slot. */
  steer(...headings: readonly (Heading | undefined)[]): void {
    this.run(
      headings.flatMap((heading, slot) =>
        heading === undefined ? [] : [this.solo.event("steer", { heading }, slot)],
      ),
    );
  }

  /** Runs one tick with one event. */
  send(slot: number, kind: string, payload: object = {}): void {
    this.run([this.solo.event(kind, payload, slot)]);
  }

  /** Runs so many ticks in which nobody does anything. */
  wait(ticks: number): void {
    for (let i = 0; i < ticks; i++) this.run([]);
  }

  run(events: readonly EventEnvelope[]): void {
    this.solo.run(1, events);
    if (this.solo.faults.length > 0) throw new Error(this.solo.faults.join("\n"));
    this.solo.forget(this.solo.tick - 1);
    this.effects = this.solo.sim.effects.map(({ name, data }) => ({ name, data }));
  }

  get tick(): number {
    return this.solo.tick;
  }

  get world(): Record<string, any> {
    return this.solo.self(255);
  }

  player(slot: number): Record<string, any> {
    return this.solo.self(slot);
  }

  /** Components of the entities of one script. */
  all(script: string): Record<string, any>[] {
    return this.solo.view().flatMap((entity) => (entity.script === script ? [entity.components] : []));
  }

  /** Where the players are, as columns and rows. */
  get places(): [x: number, y: number][] {
    return this.all("player").map(({ cell }) => [(cell - 1) % WIDTH, Math.floor((cell - 1) / WIDTH)]);
  }

  isWet(x: number, y: number): boolean {
    return this.world.water[cellAt(x, y) - 1] > this.tick;
  }

  named(name: string): unknown[] {
    return this.effects.flatMap((effect) => (effect.name === name ? [effect.data] : []));
  }
}
