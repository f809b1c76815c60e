/** How a declared type changes what is read: which tables are lists, which strings bytes, which integers bigints. */
export type Shape =
  | { readonly type: "any" | "bytes" | "i64" | "float" }
  | { readonly type: "list"; readonly of: Shape }
  | { readonly type: "record"; readonly fields: ReadonlyMap<string, Shape> };

export const ANY: Shape = { type: "any" };

/** A field of a payload, and how its values look in Lua. */
export interface LuaField {
  readonly name: string;
  readonly shape: Shape;
}

/** Known fields by the address of their name in Lua's memory. */
export type FieldsByName = ReadonlyMap<number, LuaField>;

/** How payloads of one kind of event look in Lua, and how its events reach their handlers. */
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
