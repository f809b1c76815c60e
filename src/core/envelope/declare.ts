import type { Slot } from "../base/brand.js";
import { refuseGame } from "../base/errors.js";
import type { EmittedOfFields, Fields, PayloadOfFields } from "./field-type.js";
import { boolType, listType, optionalType, tickType } from "./field-types-compound.js";
import {
  f32Type,
  f64Type,
  i8Type,
  i16Type,
  i32Type,
  i64Type,
  u8Type,
  u16Type,
  u32Type,
} from "./field-types-number.js";
import { bytesType, oneOfType, textType } from "./field-types-text.js";
import { ANY_FIELDS } from "./free-payload.js";
import { RecordCodec } from "./record.js";

/**
 * The field types. `u8` to `i32` are whole numbers of that size, `i64` a bigint, `f32` and `f64` floats with one
 * NaN, `tick` a tick that an emitter may leave out to mean the event's own. `text(maxBytes)` counts UTF-8 bytes,
 * `list(of, max)` values. `optional(of)` is undefined where absent.
 */
export const t: {
  readonly bool: typeof boolType;
  readonly u8: typeof u8Type;
  readonly i8: typeof i8Type;
  readonly u16: typeof u16Type;
  readonly i16: typeof i16Type;
  readonly u32: typeof u32Type;
  readonly i32: typeof i32Type;
  readonly i64: typeof i64Type;
  readonly f32: typeof f32Type;
  readonly f64: typeof f64Type;
  readonly tick: typeof tickType;
  readonly text: typeof textType;
  readonly bytes: typeof bytesType;
  readonly oneOf: typeof oneOfType;
  readonly list: typeof listType;
  readonly optional: typeof optionalType;
} = {
  bool: boolType,
  u8: u8Type,
  i8: i8Type,
  u16: u16Type,
  i16: i16Type,
  u32: u32Type,
  i32: i32Type,
  i64: i64Type,
  f32: f32Type,
  f64: f64Type,
  tick: tickType,
  text: textType,
  bytes: bytesType,
  oneOf: oneOfType,
  list: listType,
  optional: optionalType,
};

/** Which keys an event reads or writes: pure, of its author and payload alone. */
export type Claim<Payload> = (author: Slot, payload: Payload) => readonly string[];

/** What `event` is told beside the fields. */
export interface EventOptions<Payload> {
  /** `repeat`: a sample expected every tick, predicted to be as it was. `none`, the default: predicted absent. */
  readonly predict?: "repeat" | "none";
  /** Keys that the event counts on. One that another event of the tick writes makes the two rivals. */
  readonly reads?: Claim<Payload>;
  /** Keys that it takes for itself: another event of the tick that reads or writes one is its rival. */
  readonly writes?: Claim<Payload>;
  /** Which of two rival claims enters: the heavier kind's. A whole number within ±2^31; 0 where left out. */
  readonly aionWeight?: number;
}

/** One event kind as a game declares it. Made by `event`. */
export interface EventDeclaration<F extends Fields = any> {
  readonly fields: F;
  readonly predict: "repeat" | "none";
  readonly aionWeight: number;
  readonly reads: Claim<any> | undefined;
  readonly writes: Claim<any> | undefined;
}

/** What handlers see as `evt.payload` of a declared event. */
export type PayloadOf<D extends EventDeclaration> =
  D extends EventDeclaration<infer F> ? PayloadOfFields<F> : never;
/** What `emit` takes for a declared event: `t.tick` fields may be left out. */
export type EmittedOf<D extends EventDeclaration> =
  D extends EventDeclaration<infer F> ? EmittedOfFields<F> : never;

/** Declares an event kind: the fields of its payload and how it is predicted and claimed. Throws `GAME_INVALID`. */
export function event<const F extends Fields>(
  fields: F,
  options: EventOptions<PayloadOfFields<F>> = {},
): EventDeclaration<F> {
  const { predict = "none", aionWeight = 0, reads, writes } = options;
  // Compiled here only to be checked, so that a wrong field is told where it is declared.
  new RecordCodec("this event", fields);
  if (predict !== "repeat" && predict !== "none") {
    refuseGame(`an event's predict is "repeat" or "none", not ${String(predict)}`);
  }
  if (!Number.isInteger(aionWeight) || Math.abs(aionWeight) > 2 ** 31) {
    refuseGame("an event's aionWeight is a whole number within 2^31 of 0");
  }
  for (const claim of [reads, writes]) {
    if (claim !== undefined && typeof claim !== "function") {
      refuseGame("an event's reads and writes are functions of author and payload");
    }
  }
  return { fields, predict, aionWeight, reads, writes };
}

/** An event kind of which nothing is declared: its payload is any value that has a canonical form. */
export const undeclaredEvent: EventDeclaration = {
  fields: ANY_FIELDS,
  predict: "none",
  aionWeight: 0,
  reads: undefined,
  writes: undefined,
};
