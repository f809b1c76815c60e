import { invariant } from "../core/base/invariant.js";
import type { Declarations } from "./declarations.js";
import type { LuaRuntime } from "./runtime.js";
import { type FieldsByName, keepNames } from "./table-reader.js";
import { ANY, type Shape } from "./values.js";

/** A field of a payload, and how its values look in Lua. */
export interface LuaField {
  readonly name: string;
  readonly shape: Shape;
}

/** How the events of one kind reach their handlers. */
export interface LuaKind {
  readonly name: string;
  /** As messages name what is wrong with one: `the payload of move`. */
  readonly payloadName: string;
  readonly shape: Shape;
  /** The fields of its payload, where they are declared: they are handed in one by one. */
  readonly fields: readonly LuaField[] | undefined;
  readonly fieldsByName: FieldsByName | undefined;
  /** What hands an event to its handler: a function that Lua keeps. */
  readonly deliver: bigint;
}

/** Tells Lua of a game's kinds of events, in the catalog's order. */
export const addKinds = (runtime: LuaRuntime, { catalog, shapes }: Declarations): readonly LuaKind[] =>
  catalog.kinds.map(({ name, index }) => addKind(runtime, name, index + 1, shapes.get(name) ?? ANY));

function addKind(runtime: LuaRuntime, name: string, number: number, shape: Shape): LuaKind {
  const { lua, values } = runtime;
  const fields =
    shape.type === "record"
      ? [...shape.fields].map(([field, of]) => ({ name: field, shape: of }))
      : undefined;
  let deliver = 0n;
  const failure = runtime.call(
    "add_kind",
    () => {
      lua.pushText(lua.main, name);
      lua.pushInteger(lua.main, number);
      values.push(
        lua.main,
        fields?.map((field) => field.name),
      );
      return 3;
    },
    () => {
      deliver = lua.keep();
    },
  );
  invariant(failure === undefined, `Lua takes the kind ${name}`);
  return {
    name,
    payloadName: `the payload of ${name}`,
    shape,
    fields,
    fieldsByName: fields && keepNames(lua, fields),
    deliver,
  };
}
