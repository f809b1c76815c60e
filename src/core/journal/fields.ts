import { fromHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { LineProblem } from "./line-problem.js";
import { unspell } from "./unspell.js";

/**
 * Typed access to one JSON map that somebody else wrote. Every method throws a LineProblem that names the field
 * where it does not hold what is asked for; fields that nobody asks for are found by spelling the line again.
 */
export class Fields {
  readonly #map: Readonly<Record<string, unknown>>;

  private constructor(map: Readonly<Record<string, unknown>>) {
    this.#map = map;
  }

  /** @param what names the map in a refusal */
  static of(json: unknown, what: string): Fields {
    if (typeof json !== "object" || json === null || Array.isArray(json))
      throw new LineProblem(`${what} is no map`);
    return new Fields(json as Record<string, unknown>);
  }

  /** The field's JSON, or undefined where there is none. */
  any(name: string): unknown {
    return Object.hasOwn(this.#map, name) ? this.#map[name] : undefined;
  }

  /** All fields, as the values that they spell. */
  values(): Readonly<Record<string, Value>> {
    return Object.fromEntries(Object.entries(this.#map).map(([name, json]) => [name, unspell(json)]));
  }

  text(name: string): string {
    const value = this.any(name);
    if (typeof value !== "string" || LONE_SURROGATE.test(value))
      throw new LineProblem(`"${name}" is no text`);
    return value;
  }

  oneOf<Name extends string>(name: string, names: readonly Name[]): Name {
    const value = this.any(name);
    const found = names.find((candidate) => candidate === value);
    if (found === undefined) throw new LineProblem(`"${name}" is none of ${names.join(", ")}`);
    return found;
  }

  whole(name: string, least: number, most: number): number {
    const value = this.any(name);
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw new LineProblem(`"${name}" is no whole number from ${least} to ${most}`);
    }
    return value as number;
  }

  /** Lowercase hex of exactly `count` bytes. */
  bytes(name: string, count: number): Uint8Array {
    return fromHex(this.hex(name, count))!;
  }

  /** As `bytes`, but the digits themselves. */
  hex(name: string, count: number): string {
    const value = this.any(name);
    if (typeof value !== "string" || value.length !== 2 * count || !HEX_DIGITS.test(value)) {
      throw new LineProblem(`"${name}" is not ${2 * count} hex digits`);
    }
    return value;
  }

  list(name: string, most: number): readonly unknown[] {
    const value = this.any(name);
    if (!Array.isArray(value) || value.length > most) {
      throw new LineProblem(`"${name}" is no list of at most ${most}`);
    }
    return value;
  }

  map(name: string): Fields {
    return Fields.of(this.any(name), `"${name}"`);
  }
}

const HEX_DIGITS = /^[0-9a-f]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
