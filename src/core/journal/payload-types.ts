import { isMap, setOwn, type Value } from "../base/value.js";

/**
 * Gives the payloads of a journal the types that their declarations ask for. A canonical integer does not say
 * whether it was a number or a bigint, so those of `t.i64` fields come back as bigints here; nothing else changes.
 */
export class PayloadTypes {
  /** By kind: the declared fields, of the kinds that hold an `i64` at all. */
  readonly #kinds = new Map<string, Readonly<Record<string, Value>>>();

  /** @param events description of the declared events, as a catalog or a session line gives it */
  constructor(events: Value) {
    for (const [kind, description] of entriesOf(events)) {
      const fields = Object.fromEntries(entriesOf(description)).fields;
      const integers = entriesOf(fields).filter(([, type]) => holdsInteger(type));
      if (integers.length > 0) this.#kinds.set(kind, Object.fromEntries(integers));
    }
  }

  typed(kind: string, payload: Value): Value {
    const fields = this.#kinds.get(kind);
    if (fields === undefined) return payload;
    const typed: Record<string, Value> = {};
    for (const [name, value] of entriesOf(payload)) {
      setOwn(typed, name, Object.hasOwn(fields, name) ? typedValue(fields[name]!, value) : value);
    }
    return typed;
  }
}

function typedValue(type: Value, value: Value): Value {
  if (type === "i64") return Number.isSafeInteger(value) ? BigInt(value as number) : value;
  if (!Array.isArray(type)) return value;
  if (type[0] === "optional") return typedValue(type[1], value);
  return type[0] === "list" && Array.isArray(value) ? value.map((item) => typedValue(type[1], item)) : value;
}

/** Types are a name, or a list of one with what it is made of: `["list", "i64", 4]`, `["optional", "i64"]`. */
const holdsInteger = (type: Value): boolean =>
  type === "i64" ||
  (Array.isArray(type) && (type[0] === "list" || type[0] === "optional") && holdsInteger(type[1]));

const entriesOf = (value: Value | undefined): [string, Value][] =>
  isMap(value) ? Object.entries(value) : [];
