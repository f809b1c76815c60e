import { invariant } from "../core/base/invariant.js";
import type { EventCatalog } from "../core/envelope/catalog.js";
import type { LuaState } from "./lua-state.js";
import { ANY, type LuaField, type LuaKind, type Shape } from "./shape.js";
import { keepNames } from "./table-reader.js";
import type { LuaValues } from "./values.js";

/** A game's kinds of events, as far as Lua has to do with them. */
export interface DeclaredKinds {
  readonly catalog: EventCatalog;
  /** How payloads of each kind look in Lua. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** What is told of kinds. */
interface KindTaker {
  readonly lua: LuaState;
  readonly values: LuaValues;
  /** Calls the prelude's function; what comes back is undefined where all went well. */
  call(name: "add_kind", push: () => number, read: () => void): unknown;
}

/** Tells Lua of a game's kinds of events, in the catalog's order. */
export const addKinds = (taker: KindTaker, { catalog, shapes }: DeclaredKinds): readonly LuaKind[] =>
  catalog.kinds.map(({ name, index }) => addKind(taker, name, index + 1, shapes.get(name) ?? ANY));

function addKind(taker: KindTaker, name: string, number: number, shape: Shape): LuaKind {
  const { lua, values } = taker;
  const fields = shape.type === "record" ? fieldsOf(shape.fields) : undefined;
  let deliver = 0n;
  const failure = taker.call(
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

const fieldsOf = (shapes: ReadonlyMap<string, Shape>): readonly LuaField[] =>
  [...shapes].map(([name, shape]) => ({ name, shape }));
