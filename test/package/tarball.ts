import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BLOCK = 512;

/** A folder as npm packs it: every file of it below `package/`, without packages that lie inside. */
export function packFolder(folder: string): Buffer {
  const parts: Buffer[] = [];
  for (const path of filesOf(folder)) {
    const content = readFileSync(join(folder, path));
    const isProgram = (statSync(join(folder, path)).mode & 0o100) !== 0;
    parts.push(header(`package/${path}`, content.length, isProgram ? 0o755 : 0o644), content);
    parts.push(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 0 });
}

function filesOf(folder: string, under = ""): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : filesOf(folder, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Of one file, as POSIX's ustar has it. */
function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const cut = path.length <= 100 ? 0 : path.indexOf("/", path.length - 101) + 1;
  block.write(path.slice(cut), 0, 100);
  block.write(path.slice(0, Math.max(0, cut - 1)), 345, 155);
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at);
  };
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
