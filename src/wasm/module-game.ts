import { refuseGame } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { fromHex, hashOfBytes } from "../core/base/text.js";
import type { PayloadOf } from "../core/envelope/declare.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import type { Fields } from "../core/envelope/field-type.js";
import type { Simulation } from "../core/session/simulation.js";
import { type DefinedGame, defineGame } from "../game/define-game.js";
import { GameSimulation } from "../game/simulation.js";
import type {
  AnyGameSpec,
  Context,
  EffectDeclarations,
  EventDeclarations,
  GameSpec,
  NameIn,
  Setup,
} from "../game/spec.js";
import type { StateStore } from "../game/state-store.js";
import { compileModule } from "./engine.js";
import { GlueHost, GlueStore, type ModuleSource } from "./glue.js";
import { HANDLER_FUEL, SETUP_FUEL, STEP_FUEL } from "./limits.js";
import type { CompiledModule } from "./machine.js";
import { type PrepareReport, prepare } from "./prepare.js";

/**
 * A game in TypeScript that uses a module through the module's own JavaScript, such as a physics engine. As with
 * `defineGame`, and `setup`, `on` and `step` are given the module's glue as well; its memory is part of the state.
 * What `input`, `predict` and views are to see of it, `step` puts into the state.
 */
export interface ModuleGameSpec<
  Events extends EventDeclarations,
  Effects extends EffectDeclarations,
  State,
  Device,
  Api,
> extends Omit<GameSpec<Events, Effects, State, Device>, "setup" | "on" | "step"> {
  readonly module: ModuleSource<Api>;
  readonly setup: (setup: Setup, api: Api) => State;
  readonly on?: {
    readonly [Kind in NameIn<Events>]?: (
      state: State,
      evt: EventEnvelope<Kind, PayloadOf<Events[Kind]>>,
      ctx: Context<Events, Effects>,
      api: Api,
    ) => void;
  };
  readonly step?: (state: State, ctx: Context<Events, Effects>, api: Api) => void;
}

/** Such a game, with what was made of its module. */
export interface ModuleGame<
  Events extends EventDeclarations = any,
  Effects extends EffectDeclarations = any,
  State = any,
  Device = any,
> extends DefinedGame<Events, Effects, State, Device> {
  readonly report: PrepareReport;
}

/**
 * Makes a game that uses a module. Its fingerprint covers what `defineGame`'s does and every byte of the module.
 * Throws `ModuleRefused` where the module cannot be prepared, `EchoNetError` `GAME_INVALID`.
 */
export function defineModuleGame<
  const Events extends EventDeclarations,
  State extends object,
  Api,
  Device = unknown,
  const Effects extends EffectDeclarations = Record<never, Fields>,
>(spec: ModuleGameSpec<Events, Effects, State, Device, Api>): ModuleGame<Events, Effects, State, Device> {
  const { module: source, ...rest } = spec;
  const { bytes, imports, memoryCapPages } = source;
  const given = memoryCapPages === undefined ? { imports } : { imports, memoryCapPages };
  const { bytes: prepared, report } = prepare(bytes, given);
  const compiled: CompiledModule = { module: compileModule(prepared), report };
  // Checked as every game is; what runs is made for each simulation, on a module of its own.
  const game = defineGame(rest as unknown as GameSpec<Events, Effects, State, Device>);
  const { catalog } = game;
  const fingerprint = hashOfBytes(
    domainHash("module game", fromHex(game.fingerprint)!, fromHex(report.fingerprint)!),
  );
  return {
    ...game,
    fingerprint,
    report,
    createSimulation: ({ guarded = false } = {}): Simulation => {
      const host = new GlueHost(compiled, source);
      const parts = {
        spec: boundTo(host, rest as AnyModuleSpec),
        fingerprint,
        catalog,
        around: (store: StateStore) => new GlueStore(store, host.machine, report),
      };
      return new GameSimulation(parts, guarded);
    },
  };
}

type AnyModuleSpec = Omit<ModuleGameSpec<any, any, any, any, any>, "module">;

/** The game's code with the module's glue behind its other arguments. */
function boundTo(host: GlueHost<unknown>, spec: AnyModuleSpec): AnyGameSpec {
  const { setup, on = {}, step, ...rest } = spec;
  const handlers = Object.entries(on).flatMap(([kind, handler]) => {
    if (handler === undefined) return [];
    if (typeof handler !== "function") refuseGame(`on.${kind} is a function`);
    const bound = (state: unknown, evt: EventEnvelope, ctx: never): void =>
      host.run(`on.${kind}`, HANDLER_FUEL, (api) => handler(state, evt as never, ctx, api));
    return [[kind, bound] as const];
  });
  return {
    ...rest,
    setup: (given) => {
      host.reset();
      return host.run("setup", SETUP_FUEL, (api) => setup(given, api));
    },
    on: Object.fromEntries(handlers),
    ...(step && {
      step: (state: unknown, ctx: never) => host.run("step", STEP_FUEL, (api) => step(state, ctx, api)),
    }),
  } as AnyGameSpec;
}
