import {
  asSlot,
  type ChronosTick,
  chronosTick,
  type KairosBranchId,
  type Slot,
} from "../../src/core/base/brand.js";
import type { EventEnvelope } from "../../src/core/envelope/event-envelope.js";
import { Snapshot } from "../../src/core/session/simulation.js";
import { type LuaGame, loadLuaGame } from "../../src/lua/load-lua-game.js";
import type { EntityView } from "../../src/lua/look.js";
import type { LuaSimulation } from "../../src/lua/simulation.js";
import type { LuaSource } from "../../src/lua/source.js";

export const KAIROS = "0123456789abcdef0123456789abcdef" as KairosBranchId;

/** One simulation of a Lua game without a network: ticks, events and rollbacks by hand. */
export class Solo {
  readonly sim: LuaSimulation;
  tick: ChronosTick = chronosTick(0);
  readonly #saved: (Snapshot | undefined)[] = [];
  readonly #free: Snapshot[] = [];

  constructor(game: LuaGame, slots = 1) {
    this.sim = game.createSimulation();
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
    this.sim.begin({ kairos: KAIROS, seed, slots: Array.from({ length: slots }, (_, i) => asSlot(i)) });
    this.#save();
  }

  static async of(source: LuaSource | string, slots = 1): Promise<Solo> {
    const files = typeof source === "string" ? { "game.lua": source } : source;
    return new Solo(await loadLuaGame(files), slots);
  }

  #save(): void {
    const snapshot = this.#saved[this.tick] ?? this.#free.pop() ?? new Snapshot();
    this.sim.saveInto(snapshot);
    this.#saved[this.tick] = snapshot;
  }

  /** Runs ticks, with these events in the first of them. */
  run(ticks = 1, events: readonly EventEnvelope[] = []): this {
    for (let i = 0; i < ticks; i++) {
      this.tick = chronosTick(this.tick + 1);
      this.sim.step(this.tick, i === 0 ? events : []);
      this.#save();
    }
    return this;
  }

  /** Goes back to the state after a tick. */
  back(tick: number): this {
    this.sim.restore(this.#saved[tick]!);
    this.tick = chronosTick(tick);
    return this;
  }

  /** Lets go of a tick's state. */
  forget(tick: number): void {
    const snapshot = this.#saved[tick];
    if (snapshot !== undefined) this.#free.push(snapshot);
    this.#saved[tick] = undefined;
  }

  event(kind: string, payload: unknown, slot = 0, id = 0): EventEnvelope {
    const chronos = chronosTick(this.tick + 1);
    const content = this.sim.catalog.pack(kind, payload, chronos);
    return this.sim.catalog.envelope(content, id, chronos, KAIROS, slot as Slot);
  }

  input(device?: unknown, slot = 0): readonly { readonly kind: string; readonly payload: unknown }[] {
    return this.sim.collectInput(asSlot(slot), chronosTick(this.tick + 3), device);
  }

  get hash(): string {
    return this.sim.hash();
  }

  view(): readonly EntityView[] {
    return this.sim.viewOf(this.#saved[this.tick]!);
  }

  /** The plain data in the `self` of an entity; of the first player where no number is given. */
  self(id = 0): Record<string, any> {
    return this.view().find((entity) => entity.id === id)!.components;
  }

  get faults(): string[] {
    return this.sim.faults.map(({ error, where }) => `${where}: ${(error as Error).message}`);
  }
}
