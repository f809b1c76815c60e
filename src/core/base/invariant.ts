/** Ours, never theirs: a condition that only a mistake in Echo Net itself can break. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(`broken invariant: ${what}`);
}
