import { EMPTY_BLOCK } from "./instructions.js";
import type { ParsedModule } from "./module.js";
import { Op } from "./opcodes.js";
import type { FunctionType } from "./value-types.js";

/** A block that is open, within one function. */
interface Frame {
  readonly opcode: number;
  readonly type: FunctionType;
  /** Operands below the block's parameters. */
  readonly base: number;
  /** Instructions since a charge, on the longest way to the block's beginning; −1 where none leads there. */
  readonly sinceAtStart: number;
  /** The same, on the longest way by a branch to the block's end. */
  sinceAtLabel: number;
}

const NO_WAY = -1;

/**
 * Follows a valid function's code: how many operands are on the stack, and how many instructions the longest path
 * ran since it was last charged.
 */
export class PathTracker {
  height = 0;
  maxHeight = 0;
  /** −1 in code that nothing reaches. */
  since = 0;
  readonly #module: ParsedModule;
  readonly #frames: Frame[] = [];

  constructor(module: ParsedModule, type: FunctionType) {
    this.#module = module;
    this.#frames.push({
      opcode: Op.block,
      type: { params: [], results: type.results },
      base: 0,
      sinceAtStart: 0,
      sinceAtLabel: NO_WAY,
    });
  }

  /** How many blocks are open, the function itself counted. */
  get depth(): number {
    return this.#frames.length;
  }

  /** What the innermost block began with: an opcode. */
  get innermost(): number {
    return this.#frames.at(-1)!.opcode;
  }

  /** The path was charged here. */
  charged(): void {
    if (this.since !== NO_WAY) this.since = 0;
  }

  count(): void {
    if (this.since !== NO_WAY) this.since++;
  }

  apply({ params, results }: FunctionType): void {
    this.pop(params.length);
    this.push(results.length);
  }

  pop(count: number): void {
    this.height = Math.max(this.height - count, this.#frames.at(-1)!.base);
  }

  push(count: number): void {
    this.height += count;
    if (this.height > this.maxHeight) this.maxHeight = this.height;
  }

  open(opcode: number, blockType: number): void {
    const type = this.#blockType(blockType);
    this.pop(type.params.length);
    this.#frames.push({
      opcode,
      type,
      base: this.height,
      sinceAtStart: this.since,
      sinceAtLabel: NO_WAY,
    });
    this.push(type.params.length);
  }

  #blockType(blockType: number): FunctionType {
    if (blockType >= 0) return this.#module.types[blockType]!;
    return blockType === EMPTY_BLOCK ? NOTHING : ONE_RESULT;
  }

  else(): void {
    const frame = this.#frames.pop()!;
    this.#frames.push({
      ...frame,
      opcode: Op.else,
      sinceAtLabel: Math.max(frame.sinceAtLabel, this.since),
    });
    this.since = frame.sinceAtStart;
    this.height = frame.base;
    this.push(frame.type.params.length);
  }

  /** Closes the innermost block and says what it began with. */
  end(): number {
    const frame = this.#frames.pop()!;
    const pastIf = frame.opcode === Op.if ? frame.sinceAtStart : NO_WAY;
    this.since = Math.max(this.since, frame.sinceAtLabel, pastIf);
    this.height = frame.base;
    this.push(frame.type.results.length);
    return frame.opcode;
  }

  branch(label: number): void {
    const frame = this.#frames.at(-1 - label)!;
    if (frame.opcode !== Op.loop) frame.sinceAtLabel = Math.max(frame.sinceAtLabel, this.since);
  }

  /** Nothing goes on from here. */
  stop(): void {
    this.since = NO_WAY;
    this.height = this.#frames.at(-1)!.base;
  }
}

const NOTHING: FunctionType = { params: [], results: [] };
const ONE_RESULT: FunctionType = { params: [], results: [0] };
