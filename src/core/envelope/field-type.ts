import type { ChronosTick } from "../base/brand.js";
import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import type { Value } from "../base/value.js";

/** A payload that does not fit its declaration. `path` says where: `move.x`, `shop.items[3]`. */
export class PayloadError extends EchoNetError {
  readonly path: string;
  readonly problem: string;

  constructor(path: string, problem: string) {
    super("INPUT_INVALID", path === "" ? problem : `${path}: ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

/** Puts a step in front of the path of a `PayloadError`; every other error goes on as it is. */
export function inside(step: string, error: unknown): unknown {
  if (!(error instanceof PayloadError)) return error;
  const joint = error.path === "" || error.path.startsWith("[") ? "" : ".";
  return new PayloadError(`${step}${joint}${error.path}`, error.problem);
}

/** A value in a message for a person: short, and never a reason to fail. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "missing";
    case "string":
      return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))} and more` : JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return BigInt.asIntN(64, value) === value ? `${value}n` : "a larger bigint";
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "an array" : "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** How a type's values become bytes: compact on the wire, canonical in hashes and journals. */
export interface ValueCodec<Payload = unknown> {
  /** Appends the compact form; throws `PayloadError` for a value of another type or out of bounds. */
  write(writer: ByteWriter, value: unknown, chronos: ChronosTick): void;
  /** Steps over one compact form; sets `reader.failed` where the bytes are none, or not the one spelling. */
  skim(reader: ByteReader): void;
  /** Reads a compact form that `skim` or `write` vouches for. */
  read(reader: ByteReader, chronos: ChronosTick): Payload;
  /** Appends the canonical CBOR of such a compact form. */
  transcode(reader: ByteReader, writer: ByteWriter, chronos: ChronosTick): void;
  /** Longest compact form, in bytes. */
  readonly maxBytes: number;
}

/**
 * A field that is told by one bit of its record's flags, with bytes only where the bit is set: whether a `t.bool`
 * is true, a `t.optional` is there, a `t.tick` is another than the event's own.
 */
export interface Flag {
  /** Whether a value sets the bit; throws `PayloadError` for one that is neither. */
  isSet(value: unknown, chronos: ChronosTick): boolean;
  /** What follows where the bit is set. */
  readonly whenSet: ValueCodec;
  /** What a clear bit stands for, in no bytes at all; undefined where the field is then absent. */
  readonly whenClear: ValueCodec | undefined;
}

/** Whether a payload must hold a field, may hold it, or holds the event's own tick where the emitter left it out. */
export type Presence = "required" | "optional" | "own-tick";

/**
 * The type of one payload field: the check at admission, the TypeScript types of what handlers see (`Payload`) and
 * of what emitters give (`Emitted`), the compact form and the canonical form. Made by `t`.
 */
export interface FieldType<Payload, Emitted = Payload, P extends Presence = Presence>
  extends ValueCodec<Payload> {
  readonly presence: P;
  /** What the type is, as it enters the game's fingerprint. */
  readonly description: Value;
  /** How many lists stand inside one another in it. */
  readonly listNesting: number;
  readonly flag?: Flag;
  /** Carries the emitter's type; there is never such a property. */
  readonly emitted?: Emitted;
}

/** The fields of an event or an effect, by name. */
export type Fields = Readonly<Record<string, FieldType<any, any>>>;

type Flatten<T> = { [K in keyof T]: T[K] };
type NamesWith<F extends Fields, P extends Presence> = {
  [K in keyof F]: F[K] extends { readonly presence: P } ? K : never;
}[keyof F];
type PayloadTypeOf<T> = T extends ValueCodec<infer Payload> ? Payload : never;
type EmittedTypeOf<T> = T extends FieldType<any, infer Emitted> ? Emitted : never;

/** What a handler sees of a payload with these fields. */
export type PayloadOfFields<F extends Fields> = keyof F extends never
  ? Record<string, never>
  : Flatten<
      { [K in NamesWith<F, "required" | "own-tick">]: PayloadTypeOf<F[K]> } & {
        [K in NamesWith<F, "optional">]?: PayloadTypeOf<F[K]>;
      }
    >;

/** What an emitter gives for a payload with these fields. */
export type EmittedOfFields<F extends Fields> = keyof F extends never
  ? Record<string, never>
  : Flatten<
      { readonly [K in NamesWith<F, "required">]: EmittedTypeOf<F[K]> } & {
        readonly [K in NamesWith<F, "optional" | "own-tick">]?: EmittedTypeOf<F[K]>;
      }
    >;
