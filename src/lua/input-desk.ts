import type { ChronosTick, Slot } from "../core/base/brand.js";
import type { Value } from "../core/base/value.js";
import type { EmitRequest } from "../core/envelope/event-envelope.js";
import { type Logs, type MatchSeed, NO_LOGS, type StepFault } from "../core/session/simulation.js";
import type { Declarations } from "./declarations.js";
import { FUEL_PER_INPUT } from "./limits.js";
import { ScriptError } from "./lua-state.js";
import { InputHost, NOBODY } from "./match-host.js";
import type { LuaRuntime } from "./runtime.js";
import { ANY } from "./values.js";

const NO_REQUESTS: readonly EmitRequest[] = [];
const NO_FAULTS: readonly StepFault[] = [];

/** Runs `on_input`, for this peer's own players, on copies of the state. Nothing here is part of the match. */
export class InputDesk {
  /** What went wrong in the last call. */
  faults: readonly StepFault[] = NO_FAULTS;
  logs: Logs = NO_LOGS;
  readonly #host: InputHost;
  readonly #isPlayed: boolean;
  /** What each slot's `on_input` left in `echo.local_state`. */
  readonly #memories = new Map<Slot, Value>();

  /** @param isPlayed whether the players' script has an `on_input` at all */
  constructor(declarations: Declarations, match: MatchSeed, isPlayed: boolean) {
    this.#host = new InputHost(declarations, match);
    this.#isPlayed = isPlayed;
  }

  /** What the player's device makes the script emit, in order. `copy` gives a copy of the present state. */
  collect(slot: Slot, chronos: ChronosTick, device: unknown, copy: () => LuaRuntime): readonly EmitRequest[] {
    this.faults = NO_FAULTS;
    this.logs = NO_LOGS;
    if (!this.#isPlayed) return NO_REQUESTS;
    const runtime = copy();
    const { lua, values } = runtime;
    const host = this.#host;
    host.begin(slot, chronos);
    runtime.serve(host);
    runtime.machine.refuel(FUEL_PER_INPUT);
    const failure = runtime.call("run_input", () => {
      lua.pushInteger(lua.main, slot);
      lua.pushInteger(lua.main, chronos);
      values.push(lua.main, device);
      values.push(lua.main, this.#memories.get(slot) ?? {});
      return 4;
    });
    if (failure !== undefined) host.report(slot, "on_input", failure.message);
    if (failure?.isTrap !== true) this.#remember(slot, runtime);
    runtime.serve(NOBODY);
    this.faults = host.faults;
    this.logs = host.book.logs;
    return host.requests;
  }

  #remember(slot: Slot, runtime: LuaRuntime): void {
    const { lua, values } = runtime;
    runtime.machine.refuel(FUEL_PER_INPUT);
    try {
      runtime.call("local_state", undefined, () => {
        this.#memories.set(slot, values.read(lua.main, 2, ANY, "echo.local_state") ?? {});
      });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      this.#host.report(slot, "on_input", error.message);
    }
  }
}
