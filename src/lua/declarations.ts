import { equalBytes } from "../core/base/bytes.js";
import { refuseGame } from "../core/base/errors.js";
import { isMap, type Value, type ValueMap } from "../core/base/value.js";
import { EventCatalog } from "../core/envelope/catalog.js";
import { encode } from "../core/envelope/codec.js";
import { type EventDeclaration, event, t, undeclaredEvent } from "../core/envelope/declare.js";
import type { Fields, FieldType } from "../core/envelope/field-type.js";
import { claimOf } from "../game/claim-templates.js";
import { fieldsOf, fieldTypeOf, recordShape } from "./fields.js";
import type { Script } from "./runtime.js";
import { ANY, type Shape, TARGET_FIELD } from "./values.js";

/** Callbacks that handle no event. */
const RESERVED = new Set(["start", "tick", "input"]);
const PARTS = ["fields", "predict", "reads", "writes", "aion_weight"];

/** What scripts say of a component. */
export interface Component {
  /** The types of its fields, or of all of it. */
  readonly type: Fields | FieldType<any, any>;
  readonly declared: Value;
  /** The names of its fields, where it has some. */
  readonly fields: readonly string[] | undefined;
  /** File and line of its first declaration, where they can be told. */
  readonly place: string | undefined;
}

/** What a game's scripts say is networked. */
export interface Declarations {
  readonly catalog: EventCatalog;
  /** How payloads of each kind look in Lua. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** The components by name. */
  readonly components: ReadonlyMap<string, Component>;
}

/** Collects what scripts declare while their chunks run for the first time. */
export class DeclarationDesk {
  readonly #events = new Map<
    string,
    { readonly declared: Value; readonly fields: Fields; readonly event: EventDeclaration }
  >();
  readonly #components = new Map<string, Component>();

  /** Throws `EchoNetError` `GAME_INVALID`. */
  event(kind: string, declared: Value | undefined): void {
    const where = `event ${kind}`;
    const parts = mapOf(declared, `${where} is declared by a table, such as { fields = { x = "i8" } }`);
    if (isRepeated(this.#events.get(kind)?.declared, parts, where)) return;
    for (const part of Object.keys(parts)) {
      if (!PARTS.includes(part))
        refuseGame(`${where} has no part ${part}; its parts are ${PARTS.join(", ")}`);
    }
    if (kind.startsWith("on_") || RESERVED.has(kind))
      refuseGame(`${where}: on_${kind} is taken; choose another name`);
    const fields = fieldsOf(parts.fields ?? {}, where);
    const claims = {
      reads: claimOf(parts.reads, where, fields),
      writes: claimOf(parts.writes, where, fields),
    };
    const declaration = event(
      { ...fields, [TARGET_FIELD]: t.optional(t.u32) },
      {
        predict: (parts.predict ?? "none") as "none",
        aionWeight: (parts.aion_weight ?? 0) as number,
        ...(claims.reads && { reads: claims.reads }),
        ...(claims.writes && { writes: claims.writes }),
      },
    );
    this.#events.set(kind, { declared: parts, fields, event: declaration });
  }

  component(name: string, declared: Value | undefined, place: string | undefined): void {
    const where = `component ${name}`;
    if (typeof declared === "string") {
      const type = fieldTypeOf(declared, where);
      if (!isRepeated(this.#components.get(name)?.declared, declared, where)) {
        this.#components.set(name, { type, declared, fields: undefined, place });
      }
      return;
    }
    const parts = mapOf(
      declared,
      `${where} is declared by a table of fields, such as { x = "f64" }, or by a type`,
    );
    if (isRepeated(this.#components.get(name)?.declared, parts, where)) return;
    const type = fieldsOf(parts, where);
    this.#components.set(name, { type, declared: parts, fields: Object.keys(type), place });
  }

  /** Everything together; where no event was declared, the kinds are those that the scripts have handlers for. */
  finish(scripts: readonly Script[]): Declarations {
    const components = this.#components;
    if (this.#events.size === 0) {
      const kinds = new Set(scripts.flatMap(({ text }) => namedKinds(text)));
      const catalog = EventCatalog.compile(
        Object.fromEntries([...kinds].map((kind) => [kind, undeclaredEvent])),
      );
      return { catalog, shapes: new Map([...kinds].map((kind) => [kind, ANY])), components };
    }
    const catalog = EventCatalog.compile(
      Object.fromEntries([...this.#events].map(([kind, { event: declaration }]) => [kind, declaration])),
    );
    const shapes = new Map([...this.#events].map(([kind, { fields }]) => [kind, recordShape(fields)]));
    return { catalog, shapes, components };
  }
}

/** The kinds for which a script's text names a handler, wherever it does; what is a field of `self` is none. */
const namedKinds = (text: string): readonly string[] =>
  [...text.matchAll(/(?<!\bself\s?[.:]\s?)\bon_([A-Za-z0-9_]{1,64})/g)]
    .map(([, kind]) => kind!)
    .filter((kind) => !RESERVED.has(kind));

function mapOf(declared: Value | undefined, hint: string): ValueMap {
  if (!isMap(declared)) refuseGame(hint);
  return declared;
}

/** Every script may declare the same thing; what two declare in two ways is a mistake. */
function isRepeated(before: Value | undefined, now: Value, where: string): boolean {
  if (before === undefined) return false;
  if (!equalBytes(encode(before), encode(now))) refuseGame(`${where} is declared twice, and not alike`);
  return true;
}
