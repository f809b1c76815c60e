/** Why one line of a journal or trace is refused. Thrown inside the readers, caught at their doors. */
export class LineProblem extends Error {
  override readonly name = "LineProblem";
}

/** A line that does not verify. */
export interface LineRefusal {
  /** Counted from 1. */
  readonly line: number;
  /** For a person, without the line's number: what is wrong with it. */
  readonly what: string;
}
