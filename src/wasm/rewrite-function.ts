import { emitPages } from "./appended.js";
import { CodeWriter } from "./code-writer.js";
import { emitCanonical, emitCharge, emitTrapIf } from "./emit.js";
import { InstructionReader } from "./instructions.js";
import { PATH_OPS_MAX, REGION_FUEL_MAX } from "./limits.js";
import { type FunctionBody, functionTypeOf } from "./module.js";
import { ModuleReader } from "./module-reader.js";
import { Op, type Opcode } from "./opcodes.js";
import { PathTracker } from "./path-tracker.js";
import { type Rewriting, TempLocals } from "./rewriting.js";
import { framed, takesStack, unframed } from "./stack-frame.js";
import { F32, F64, type FunctionType, I32, I64, V128 } from "./value-types.js";

const TEMP_OF_SHAPE: Readonly<Record<string, number>> = { f32: F32, f64: F64, f32x4: V128, f64x2: V128 };
/** Instructions that only push, so that the one behind them still takes what was made before. */
const PUSHES: ReadonlySet<number> = new Set([Op.localGet, Op.globalGet, Op.f32Const, Op.f64Const, 0xfd00c]);
/** Instructions that are no work by themselves. */
const STRUCTURE: ReadonlySet<number> = new Set([Op.block, Op.end, Op.nop, Op.else]);

/** A stretch of code that one charge pays for: a function without its loops, or a loop without inner ones. */
interface Region {
  readonly costAt: number;
  ops: number;
}

/** One function's code with everything added; the result is the body as it stands in the code section. */
export function rewriteFunction(rewriting: Rewriting, body: FunctionBody, type: FunctionType): CodeWriter {
  return new FunctionRewriter(rewriting, body, type).run();
}

class FunctionRewriter {
  readonly #rewriting: Rewriting;
  readonly #body: FunctionBody;
  readonly #type: FunctionType;
  readonly #code = new CodeWriter(1024);
  readonly #instruction: InstructionReader;
  readonly #ahead: ModuleReader;
  readonly #path: PathTracker;
  readonly #temps: TempLocals;
  readonly #regions: Region[] = [];
  readonly #isCounted: boolean;

  constructor(rewriting: Rewriting, body: FunctionBody, type: FunctionType) {
    const { bytes } = rewriting.module;
    this.#rewriting = rewriting;
    this.#body = body;
    this.#type = type;
    this.#instruction = new InstructionReader(new ModuleReader(bytes, "code section", body.start, body.end));
    this.#ahead = new ModuleReader(bytes, "code section", body.start, body.end);
    this.#path = new PathTracker(rewriting.module, type);
    this.#temps = new TempLocals(type.params.length + body.localCount);
    this.#isCounted = takesStack(rewriting, body, type);
  }

  run(): CodeWriter {
    this.#openRegion();
    while (!this.#instruction.reader.finished) {
      this.#instruction.next();
      this.#rewrite();
    }
    this.#closeRegion();
    const { maxHeight } = this.#path;
    const parts = { body: this.#body, type: this.#type, temps: this.#temps, code: this.#code, maxHeight };
    return this.#isCounted ? framed(this.#rewriting, parts) : unframed(this.#rewriting, parts);
  }

  #rewrite(): void {
    const { opcode } = this.#instruction;
    if (!STRUCTURE.has(opcode.code)) this.#countOp();
    switch (opcode.code) {
      case Op.block:
      case Op.loop:
      case Op.if:
      case Op.else:
      case Op.end:
      case Op.br:
      case Op.brIf:
      case Op.brTable:
      case Op.return:
      case Op.unreachable:
        this.#control(opcode.code);
        return;
      case Op.memorySize:
        emitPages(this.#code, this.#rewriting.globals);
        this.#path.push(1);
        return;
      case Op.memoryGrow:
        this.#code.op(Op.call, this.#rewriting.growFunction);
        return;
      case Op.dataDrop:
      case Op.elemDrop:
        this.#code.op(Op.nop);
        return;
      case Op.memoryInit:
      case Op.memoryCopy:
      case Op.memoryFill:
        this.#bulk(opcode);
        return;
      default:
        this.#plain(opcode);
    }
  }

  /** Between two charges no path runs longer than `PATH_OPS_MAX`, whatever the cap on a region's cost. */
  #countOp(): void {
    this.#regions.at(-1)!.ops++;
    this.#path.count();
    if (this.#path.since <= PATH_OPS_MAX) return;
    this.#charge(PATH_OPS_MAX);
    this.#path.charged();
  }

  #charge(cost: number): number {
    this.#rewriting.counts.charges++;
    return emitCharge(this.#code, this.#rewriting.globals, this.#temps.of(I64), cost);
  }

  /** The cost is written when the region's length is known: it fits one byte. */
  #openRegion(): void {
    this.#regions.push({ costAt: this.#charge(1), ops: 0 });
    this.#path.charged();
  }

  #closeRegion(): void {
    const { costAt, ops } = this.#regions.pop()!;
    this.#code.buffer[costAt] = Math.max(1, Math.min(ops, REGION_FUEL_MAX));
  }

  #control(code: number): void {
    const { index, labels } = this.#instruction;
    const path = this.#path;
    if (code === Op.if || code === Op.brIf || code === Op.brTable) path.pop(1);
    if (code === Op.return && this.#isCounted) this.#code.op(Op.br, path.depth - 1);
    else this.#copy();
    switch (code) {
      case Op.block:
      case Op.loop:
      case Op.if:
        path.open(code, index);
        if (code === Op.loop) this.#openRegion();
        return;
      case Op.else:
        path.else();
        return;
      case Op.end:
        if (path.end() === Op.loop) this.#closeRegion();
        return;
      case Op.br:
      case Op.brIf:
        path.branch(index);
        break;
      case Op.brTable:
        for (const label of labels) path.branch(label);
    }
    if (code !== Op.brIf) path.stop();
  }

  #plain(opcode: Opcode): void {
    if (opcode.stores !== undefined && this.#rewriting.options.guardStores) this.#guardStore(opcode);
    this.#emitPlain(opcode);
    this.#track(opcode);
    if (opcode.makesNaN === undefined) return;
    if (this.#isForgotten(opcode.makesNaN)) {
      this.#rewriting.counts.skippedSites++;
    } else {
      this.#rewriting.counts.canonicalSites++;
      const local = this.#temps.of(TEMP_OF_SHAPE[opcode.makesNaN]!);
      this.#code.op(Op.localTee, local);
      emitCanonical(this.#code, opcode.makesNaN, local);
    }
  }

  #emitPlain({ code }: Opcode): void {
    if (code === Op.call || code === Op.refFunc) {
      this.#code.op(code, this.#rewriting.functionAt(this.#instruction.index));
    } else {
      this.#copy();
    }
  }

  #copy(): void {
    const { reader, start, end } = this.#instruction;
    this.#code.copy(reader.bytes, start, end);
  }

  #track({ code, type, name }: Opcode): void {
    const path = this.#path;
    const { module } = this.#rewriting;
    const { index } = this.#instruction;
    if (type !== undefined) {
      path.apply(type);
    } else if (code === Op.call) {
      path.apply(functionTypeOf(module, index));
    } else if (code === Op.callIndirect) {
      path.pop(1);
      path.apply(module.types[index]!);
    } else if (code === Op.select || code === Op.selectTyped) {
      path.pop(2);
    } else if (code === Op.drop || code === Op.localSet || code === Op.globalSet) {
      path.pop(1);
    } else if (code === Op.localGet || code === Op.globalGet || code === Op.refFunc || name === "ref.null") {
      path.push(1);
    }
  }

  /** Whether the next instructions take the float that was just made and leave no trace of its NaN's bits. */
  #isForgotten(shape: string): boolean {
    this.#ahead.at = this.#instruction.end;
    const next = new InstructionReader(this.#ahead);
    next.next();
    if (next.opcode.code === Op.drop || next.opcode.forgetsNaN === shape) return true;
    if (!PUSHES.has(next.opcode.code)) return false;
    next.next();
    return next.opcode.forgetsNaN === shape && next.opcode.type!.params.length === 2;
  }

  /** Traps where the store would write above the top, as it would in a memory of that size. */
  #guardStore({ type, stores }: Opcode): void {
    const value = this.#temps.of(type!.params[1]!);
    const address = this.#temps.of(I32, 1);
    const code = this.#code;
    this.#rewriting.counts.guardedStores++;
    code.op(Op.localSet, value);
    code.op(Op.localTee, address);
    code.op(Op.localGet, address);
    code.op(Op.i64ExtendI32U);
    code.op(Op.globalGet, this.#rewriting.globals.top);
    code.i64Const(this.#instruction.index + stores!);
    code.op(Op.i64Sub);
    code.op(Op.i64GtS);
    emitTrapIf(code);
    code.op(Op.localGet, value);
  }

  #bulk(opcode: Opcode): void {
    const code = this.#code;
    const [target, source, length] = [this.#temps.of(I32), this.#temps.of(I32, 1), this.#temps.of(I32, 2)];
    code.op(Op.localSet, length);
    code.op(Op.localSet, source);
    code.op(Op.localTee, target);
    code.op(Op.localGet, target);
    code.op(Op.localGet, length);
    code.op(Op.call, this.#rewriting.bulkFunction);
    code.op(Op.localGet, source);
    code.op(Op.localGet, length);
    this.#copy();
    this.#path.apply(opcode.type!);
  }
}
