import { toHex } from "../core/base/text.js";
import type { Value } from "../core/base/value.js";

const SHOWN_CHARACTERS = 60;

/** A value in a message: short, and telling −0 from 0. `nothing` where there is none. */
export function shownValue(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (Object.is(value, -0)) return "-0";
  if (value instanceof Uint8Array) return cut(`bytes ${toHex(value.subarray(0, SHOWN_CHARACTERS))}`);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return cut(JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)));
}

const cut = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 1)}…`;
