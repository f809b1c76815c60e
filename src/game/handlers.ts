import { refuseGame } from "../core/base/errors.js";
import { type Bus, PHASES, type Phase } from "../core/bridge/bus.js";
import type { EventEnvelope } from "../core/envelope/event-envelope.js";
import type { AnyGameSpec } from "./spec.js";

type AnyHandler = (state: unknown, evt: EventEnvelope, ctx: any) => void;

interface Registration {
  readonly kind: string;
  readonly handler: AnyHandler;
  /** Undefined where the game leaves it to the event's lane. */
  readonly phase: Phase | undefined;
}

/** Every handler of a game. Throws `GAME_INVALID`. */
export function handlersOf(on: AnyGameSpec["on"]): readonly Registration[] {
  const found: Registration[] = [];
  for (const [kind, given] of Object.entries<unknown>(on ?? {})) {
    if (given === undefined) continue;
    if (typeof given === "function") {
      found.push({ kind, handler: given as AnyHandler, phase: undefined });
      continue;
    }
    const byPhase = typeof given === "object" && given !== null ? given : { "": given };
    for (const [phase, handler] of Object.entries<unknown>(byPhase as Record<Phase, unknown>)) {
      if (!PHASES.includes(phase as Phase) || typeof handler !== "function") {
        refuseGame(`on.${kind} is a function, or one for each of ${PHASES.join(", ")}`);
      }
      found.push({ kind, handler: handler as AnyHandler, phase: phase as Phase });
    }
  }
  return found;
}

/** Puts a game's handlers on its bus; `call` runs one. */
export function registerHandlers(
  bus: Bus,
  spec: AnyGameSpec,
  call: (handler: AnyHandler, evt: EventEnvelope) => void,
): void {
  for (const { kind, handler, phase } of handlersOf(spec.on)) {
    bus.on(kind, (evt) => call(handler, evt), phase);
  }
}
