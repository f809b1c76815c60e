import { utf8Decode } from "../core/base/text.js";
import type { DeviceInput } from "../testing/check-runner.js";
import { CliError } from "./exit.js";
import { readInputFile } from "./files.js";
import { MAX_INPUTS_BYTES } from "./limits.js";

interface InputLine {
  readonly chronos: number;
  readonly input: unknown;
}

/**
 * What the devices of a match say, from a file of lines `{"slot":0,"chronos":12,"input":{…}}`: each is in force from
 * its tick on; before the first, a slot has no device. Throws `CliError` 3 that names the line.
 */
export function readInputs(path: string, slots: number): DeviceInput {
  const bySlot: InputLine[][] = Array.from({ length: slots }, () => []);
  const text = utf8Decode(readInputFile(path, MAX_INPUTS_BYTES));
  if (typeof text !== "string") throw new CliError(3, `${path} cannot be read: it is no UTF-8`);
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = readLine(line, slots);
    if (typeof read === "string") throw new CliError(3, `${path}, line ${index + 1}: ${read}`);
    bySlot[read.slot]!.push(read);
  }
  // Of two lines for one tick the later one counts: sorting keeps their order.
  for (const lines of bySlot) lines.sort((a, b) => a.chronos - b.chronos);
  return (slot, chronos) => inForce(bySlot[slot]!, chronos)?.input;
}

function readLine(line: string, slots: number): (InputLine & { readonly slot: number }) | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return "it is no JSON object";
  const { slot, chronos, input, ...rest } = json as Record<string, unknown>;
  const others = Object.keys(rest);
  if (others.length > 0) return `it has a field "${others[0]}"; write "slot", "chronos" and "input"`;
  if (!isWhole(slot) || slot >= slots) return `"slot" is not a whole number from 0 to ${slots - 1}`;
  if (!isWhole(chronos)) return '"chronos" is not a tick';
  if (!("input" in json)) return 'it has no "input"';
  return { slot, chronos, input: frozen(input) };
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A game that changed its device would change what later ticks read. */
function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}

function inForce(lines: readonly InputLine[], chronos: number): InputLine | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.chronos <= chronos) low = middle + 1;
    else high = middle;
  }
  return lines[low - 1];
}
