import { readFileSync, statSync } from "node:fs";
import { CliError, wordsOf } from "./exit.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder; name a file in it",
  EACCES: "reading it is not permitted",
  EPERM: "reading it is not permitted",
  ERR_FS_FILE_TOO_LARGE: "it is too large to be read",
};

/** The bytes of a file. Throws `CliError` 3, in words. */
export function readInputFile(path: string, mostBytes: number = Number.POSITIVE_INFINITY): Uint8Array {
  try {
    const found = statSync(path);
    // One such as /dev/zero has no end.
    if (found.isCharacterDevice() || found.isBlockDevice())
      throw new CliError(3, `${path} cannot be read: it is a device; name a file`);
    if (found.size > mostBytes) {
      throw new CliError(3, `${path} cannot be read: it is longer than ${mostBytes} bytes`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(3, `${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** Why the system refused, in words. */
export function reasonOf(error: unknown, reasons: Readonly<Record<string, string>> = REASONS): string {
  const code = (error as { code?: unknown } | null)?.code;
  return (typeof code === "string" ? reasons[code] : undefined) ?? wordsOf(error);
}
