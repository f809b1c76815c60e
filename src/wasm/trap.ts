/** What ended a call: too much work, too deep a recursion, a trap of the module's own, or a call the host refused. */
export type TrapKind = "fuel" | "depth" | "trap" | "host";

/** A call into a module that did not come to its end. The message is equal in every engine. */
export class ModuleTrap extends Error {
  override readonly name = "ModuleTrap";
  readonly kind: TrapKind;

  constructor(kind: TrapKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }

  /**
   * What this engine says of it, and where in the prepared module that was, as far as it tells: for people on this
   * machine alone, since every engine has words of its own.
   */
  get localCause(): string | undefined {
    const { cause } = this;
    if (this.kind !== "trap" || !(cause instanceof Error)) return undefined;
    const place = FRAME.exec(cause.stack ?? "");
    if (place === null) return cause.message.slice(0, CAUSE_LENGTH);
    const [, name, index, offset] = place;
    const named = name === undefined ? "" : ` ${name.slice(0, CAUSE_LENGTH)}`;
    return `${cause.message.slice(0, CAUSE_LENGTH)}, in the prepared module's function ${index}${named} at byte ${offset}`;
  }
}

/** The innermost function of a module in a stack, as V8 and SpiderMonkey write it. */
const FRAME = /^\s*(?:at )?(?:([^\s(@/]+) ?[(@])?[^\s(@]*wasm-function\[(\d+)\]:(0x[0-9a-f]+)/m;
const CAUSE_LENGTH = 80;

/** Whether an engine threw it out of a module by itself: its words differ from engine to engine. */
export const isEngineTrap = (error: unknown): error is Error =>
  error instanceof Error && /^(?:RuntimeError|RangeError|InternalError)$/.test(error.name);

/** Thrown by what the module imports, where it was called in a way that it does not allow. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
}
