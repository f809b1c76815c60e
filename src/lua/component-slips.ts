import { chronosTick } from "../core/base/brand.js";
import { ByteWriter } from "../core/base/bytes.js";
import { isMap, type Value } from "../core/base/value.js";
import { type FieldType, PayloadError, shown } from "../core/envelope/field-type.js";
import { compileFields, type RecordCodec } from "../core/envelope/record.js";
import type { Remark } from "../core/session/simulation.js";
import type { Component } from "./declarations.js";
import type { EntityView } from "./look.js";
import { entityName } from "./match-host.js";

const codecs = new WeakMap<FieldType<any, any>, RecordCodec>();
const NOTHING = new Uint8Array(0);

/** Where what entities have is not what the scripts declare of it, once for each component or field. */
export function componentSlips(
  entities: readonly EntityView[],
  components: ReadonlyMap<string, Component>,
): readonly Remark[] {
  const remarks = new Map<string, Remark>();
  for (const { id, components: values } of entities) {
    for (const [name, { type, declared, fields, place }] of components) {
      // What an entity does not have at all is none of its components.
      const value = values[name];
      if (value === undefined) continue;
      const tell = (what: string, is: unknown, not: string): void => {
        const declaration = place === undefined ? "" : ` (${place})`;
        const text = `component ${what} of ${entityName(id)} is ${shown(is)}, not ${not}${declaration}`;
        const subject = `component ${what}`;
        if (!remarks.has(subject)) remarks.set(subject, { subject, text });
      };
      if (fields === undefined) {
        if (!fits(type as FieldType<any, any>, value)) tell(name, value, String(declared));
      } else if (!isMap(value)) {
        tell(name, value, `a table with ${[...fields].sort().join(", ")}`);
      } else {
        const texts = declared as { readonly [field: string]: string };
        for (const field of fields) {
          const fieldType = (type as { readonly [field: string]: FieldType<any, any> })[field]!;
          const part = Object.hasOwn(value, field) ? value[field] : undefined;
          if (!fits(fieldType, part)) tell(`${name}.${field}`, part, texts[field]!);
        }
      }
    }
  }
  return [...remarks.values()];
}

function fits(type: FieldType<any, any>, value: Value | undefined): boolean {
  let codec = codecs.get(type);
  if (codec === undefined) {
    codec = compileFields("component", { value: type });
    codecs.set(type, codec);
  }
  const given = value === undefined ? undefined : asDeclared(type.description, value);
  if (given === undefined && type.presence !== "optional") return false;
  try {
    codec.write(new ByteWriter(64), given === undefined ? {} : { value: given }, chronosTick(0));
    return true;
  } catch (error) {
    if (error instanceof PayloadError) return false;
    throw error;
  }
}

/** What was seen in Lua's own types, in those of a field. */
function asDeclared(description: Value, value: Value): Value {
  if (description === "i64")
    return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
  if (!Array.isArray(description)) return value;
  const [kind, inner] = description as readonly Value[];
  if (kind === "optional") return asDeclared(inner!, value);
  // Any text of Lua's is bytes, and which ones, a look at it does not tell.
  if (kind === "bytes") return typeof value === "string" ? NOTHING : value;
  if (kind !== "list") return value;
  if (Array.isArray(value)) return value.map((item) => asDeclared(inner!, item as Value));
  return isMap(value) && Object.keys(value).length === 0 ? [] : value;
}
