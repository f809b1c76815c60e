import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import { isEchoNetError } from "../core/base/errors.js";
import type { Mode } from "../core/guard/identity.js";
import { type NetSpec, parseNet } from "../testing/net-spec.js";
import type { ImportRule } from "../wasm/options.js";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: true;
}

/** What every command takes for a game. */
export const GAME =
  "a .ts, .js or .mjs file with a game as its default export, a .lua file or a folder of them, or a .wasm module";

/** A whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
  };

export function inputDelay(text: string): number | "auto" {
  if (text === "auto") return text;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 30) return value;
  throw new InvalidArgumentError('Write "auto", or 0 to 30 ticks.');
}

export function mode(text: string): Mode {
  if (text === "rollback" || text === "lockstep") return text;
  if (text === "hybrid")
    throw new InvalidArgumentError("Hybrid mode is not part of this version; take rollback or lockstep.");
  throw new InvalidArgumentError("Write rollback or lockstep.");
}

export function net(text: string): NetSpec {
  try {
    return parseNet(text);
  } catch (error) {
    if (isEchoNetError(error)) throw new InvalidArgumentError(error.hint);
    throw error;
  }
}

/** `module.name,module.name`; a module's name may hold dots, a function's none. `none` for no import at all. */
export function importList(text: string): readonly ImportRule[] {
  if (text === "none") return [];
  return text.split(",").map((one) => {
    const match = /^(.+)\.([^.]+)$/.exec(one);
    if (match === null) {
      throw new InvalidArgumentError(
        "Write module.name for each, with commas between them, such as env.log, or none.",
      );
    }
    return { module: match[1]!, name: match[2]! };
  });
}

export interface CorruptFault {
  readonly slot: number;
  readonly tick: number;
}

export function fault(text: string): CorruptFault {
  const match = /^corrupt:(\d{1,2})@(\d{1,10})$/.exec(text);
  if (match !== null && Number(match[2]) >= 1) return { slot: Number(match[1]), tick: Number(match[2]) };
  throw new InvalidArgumentError("Write corrupt:SLOT@TICK, such as corrupt:1@500.");
}

export const choice =
  <Word extends string>(...words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new InvalidArgumentError(`Write ${words.join(" or ")}.`);
  };

/** Where to listen. */
export function ipAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError("Write an IP address of this machine, 0.0.0.0 or ::.");
}
