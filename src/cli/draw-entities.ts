import { printable } from "./printable.js";

/** What is drawn of a Lua game that brings no drawing of its own: a line for each entity, a word for each component. */

export interface ShownEntity {
  readonly id: number;
  readonly script: string;
  readonly slot?: number;
  readonly components: { readonly [name: string]: unknown };
}

/** Longer lists and maps are told by their length. */
const MOST_ITEMS = 8;
const MOST_DIGITS = 3;

/** Whether a state is one of a Lua game, as its views show it. */
export const isEntities = (state: unknown): state is readonly ShownEntity[] =>
  Array.isArray(state) &&
  state.every((one) => typeof one?.script === "string" && typeof one.components === "object");

export const drawEntities = (entities: readonly ShownEntity[]): string =>
  entities
    .map((entity) => {
      const parts = Object.entries(entity.components).map(([part, value]) => `${part} ${shown(value)}`);
      return printable([nameOf(entity), ...parts].join("  "));
    })
    .join("\n");

export const nameOf = ({ id, script, slot }: ShownEntity): string =>
  slot === undefined ? (script === "world" ? script : `${script} ${id}`) : `slot ${slot}`;

function shown(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(MOST_DIGITS);
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value);
  if (Array.isArray(value)) {
    return value.length > MOST_ITEMS ? `[${value.length} items]` : `[${value.map(shown).join(" ")}]`;
  }
  if (entries.length > MOST_ITEMS) return `{${entries.length} fields}`;
  return `{${entries.map(([name, one]) => `${name} ${shown(one)}`).join(", ")}}`;
}
