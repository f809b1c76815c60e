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
}

/** Thrown by what the module imports, where it was called in a way that it does not allow. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
}
