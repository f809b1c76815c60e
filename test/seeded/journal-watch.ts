import type { LineSink } from "../../src/core/journal/sink.js";

/** Compares the journals of all peers of a match line by line, as they are written. */
export class JournalWatch {
  /** The longest journal so far, of which every other is a prefix. */
  readonly lines: string[] = [];

  /** Where a peer's journal goes. Its lines throw where another peer's journal says something else. */
  sink(peer: number): LineSink {
    let written = 0;
    return {
      line: (text) => {
        const known = this.lines[written];
        if (known === undefined) this.lines.push(text);
        else if (known !== text) {
          throw new Error(`line ${written + 1} of peer ${peer}'s journal is ${text}, another has ${known}`);
        }
        written++;
      },
    };
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }
}
