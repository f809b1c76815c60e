import type { LineSink } from "echo-net";

/** Most characters that a page keeps of a journal or a trace: what half an hour with four players comes to. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Lines of a journal or trace, kept in the page until somebody wants them as a file. */
export class Lines implements LineSink {
  readonly #parts: string[] = [];
  #characters = 0;
  /** The file would be too long: what came later is missing. */
  isCut = false;

  line(text: string): void {
    this.isCut ||= this.#characters + text.length + 1 > MOST_CHARACTERS;
    if (this.isCut) return;
    this.#characters += text.length + 1;
    this.#parts.push(`${text}\n`);
  }

  /** Hands the lines to the browser as a file to keep. */
  download(name: string): void {
    const url = URL.createObjectURL(new Blob(this.#parts, { type: "application/jsonl" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
