/** Peers of one match differ, or something that holds for every match did not. The message says how to repeat it. */
export class TestMatchError extends Error {
  override readonly name = "TestMatchError";
  readonly seed: number;
  /** The tick concerned; undefined where it is about the match as a whole. */
  readonly chronos: number | undefined;
  /** Where the states differ first; undefined where they do not, or none is at hand. */
  readonly path: string | undefined;

  constructor(what: string, seed: number, repeat: string, chronos?: number, path?: string, cause?: unknown) {
    super(`${what}\nseed ${seed}; repeat it with: ${repeat}`, { cause });
    this.seed = seed;
    this.chronos = chronos;
    this.path = path;
  }
}
