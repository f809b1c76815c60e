import { refuseGame } from "../core/base/errors.js";
import { isMap, type Value } from "../core/base/value.js";
import { t } from "../core/envelope/declare.js";
import type { Fields, FieldType } from "../core/envelope/field-type.js";
import { ANY, type Shape } from "./values.js";

const PLAIN = ["bool", "u8", "i8", "u16", "i16", "u32", "i32", "i64", "f32", "f64", "tick"] as const;
/** Types inside one another: lists may stand 8 deep, and an optional in the last of them. */
const MOST_NESTED = 9;
/** Characters of a text that is no type, as the error shows it. */
const SHOWN_LENGTH = 80;
const EXAMPLES = '"i32", "f64", "text(32)", "list(u8, 4)", "optional(bool)", "oneOf(up, down)"';

/**
 * The field type that a text such as `list(u8, 4)` names: the types of `t`, spelled as there without the `t.`.
 * Throws `EchoNetError` `GAME_INVALID`.
 */
export function fieldTypeOf(text: unknown, where: string, nesting = 0): FieldType<any, any> {
  if (typeof text !== "string") refuseGame(`${where} needs a type in quotes, such as ${EXAMPLES}`);
  if (nesting > MOST_NESTED) refuseGame(`${where}: types stand more than ${MOST_NESTED} deep in one another`);
  const parts = /^([A-Za-z0-9]+)\s*(?:\((.*)\))?$/s.exec(text.trim());
  const [, name, inner] = parts ?? [];
  const plain = PLAIN.find((one) => one === name);
  if (plain !== undefined && inner === undefined) return t[plain];
  if (inner !== undefined) {
    switch (name) {
      case "text":
        return t.text(Number(inner));
      case "bytes":
        return t.bytes(Number(inner));
      case "oneOf":
        return t.oneOf(...inner.split(",").map((choice) => choice.trim()));
      case "optional":
        return t.optional(fieldTypeOf(inner, where, nesting + 1) as FieldType<any, any, "required">);
      case "list": {
        const comma = inner.lastIndexOf(",");
        const of = fieldTypeOf(inner.slice(0, Math.max(comma, 0)), where, nesting + 1);
        return t.list(of as FieldType<any, any, "required">, Number(inner.slice(comma + 1)));
      }
    }
  }
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  refuseGame(`${where}: "${shown}" is no type; types are written as ${EXAMPLES}`);
}

/** The field types of a table of such texts. */
export function fieldsOf(declared: Value | undefined, where: string): Fields {
  if (!isMap(declared)) refuseGame(`${where} needs its fields as a table, such as { x = "i32" }`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, text]) => [name, fieldTypeOf(text, `${where}: field ${name}`)]),
  );
}

/** How values of a field type look in Lua, from the type's description. */
export function shapeOf(description: Value): Shape {
  if (description === "f32" || description === "f64") return { type: "float" };
  if (description === "i64") return { type: "i64" };
  if (Array.isArray(description)) {
    if (description[0] === "bytes") return { type: "bytes" };
    if (description[0] === "optional") return shapeOf(description[1]!);
    if (description[0] === "list") return { type: "list", of: shapeOf(description[1]!) };
  }
  return ANY;
}

/** How payloads of these fields look in Lua. */
export const recordShape = (fields: Fields): Shape => ({
  type: "record",
  fields: new Map(Object.entries(fields).map(([name, type]) => [name, shapeOf(type.description)])),
});
