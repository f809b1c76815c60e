import type { CodeWriter } from "./code-writer.js";
import { InstructionReader } from "./instructions.js";
import type { ModuleReader } from "./module-reader.js";
import { Op } from "./opcodes.js";

/** Where a function's index leads in the prepared module. */
export type FunctionMap = (index: number) => number;

/** Copies a constant expression, `end` included, with every function index mapped. */
export function copyExpression(reader: ModuleReader, writer: CodeWriter, mapped: FunctionMap): void {
  const instruction = new InstructionReader(reader);
  do {
    instruction.next();
    if (instruction.opcode.code === Op.refFunc) writer.op(Op.refFunc, mapped(instruction.index));
    else writer.copy(reader.bytes, instruction.start, instruction.end);
  } while (instruction.opcode.code !== Op.end);
}

/** Copies an element section's content with every function index mapped. */
export function copyElements(reader: ModuleReader, writer: CodeWriter, mapped: FunctionMap): void {
  const segments = reader.count();
  writer.varint(segments);
  for (let rest = segments; rest > 0; rest--) copySegment(reader, writer, mapped);
}

function copySegment(reader: ModuleReader, writer: CodeWriter, mapped: FunctionMap): void {
  const start = reader.at;
  const flags = reader.u32();
  if (flags > 7) reader.refuse("unsupported", `an element segment of kind ${flags}`, start);
  const isActive = (flags & 1) === 0;
  const hasTable = (flags & 2) !== 0;
  const hasExpressions = (flags & 4) !== 0;
  writer.varint(flags);
  if (isActive && hasTable) writer.varint(reader.u32());
  if (isActive) copyExpression(reader, writer, mapped);
  if (!isActive || hasTable) writer.u8(hasExpressions ? reader.valueType() : reader.u8());
  const items = reader.count();
  writer.varint(items);
  for (let rest = items; rest > 0; rest--) {
    if (hasExpressions) copyExpression(reader, writer, mapped);
    else writer.varint(mapped(reader.u32()));
  }
}
