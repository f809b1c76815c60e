/** What can be encoded canonically: the data that payloads, manifests and inspections are made of. */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | ValueMap;

/** Named values: what is neither a list nor bytes nor a single value. */
export type ValueMap = { readonly [key: string]: Value };

export const isMap = (value: Value | undefined): value is ValueMap =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Sets an own property, also where the key is `__proto__`, to which a plain assignment would set the prototype. */
export function setOwn(target: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
