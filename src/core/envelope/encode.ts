import { ByteWriter } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import type { Value } from "../base/value.js";
import {
  CBOR_FALSE,
  CBOR_NULL,
  CBOR_TRUE,
  MAJOR_ARRAY,
  MAJOR_MAP,
  writeBigInteger,
  writeByteString,
  writeHead,
  writeNumber,
  writeText,
} from "./cbor-write.js";
import { MAX_DEPTH } from "./limits.js";

/** A value that has no canonical form. `path` says where in it: `payload.targets[2]`, or empty for the whole. */
export class EncodeError extends EchoNetError {
  readonly path: string;
  readonly problem: string;

  constructor(path: string, problem: string) {
    super("INPUT_INVALID", path === "" ? `the value ${problem}` : `${path} ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

/**
 * The canonical CBOR of a value: equal values give equal bytes, whatever the order of their keys. A bigint in the
 * safe range is spelled as the equal number is. Throws `EncodeError` for what has no canonical form: undefined,
 * functions, symbols, class instances, holes, lone surrogates, bigints beyond 64 bits, more than 32 levels.
 */
export function encode(value: Value): Uint8Array {
  const writer = new ByteWriter();
  encodeInto(writer, value);
  return writer.finish();
}

/** Appends the canonical CBOR of a value. After an `EncodeError` the writer holds a part of it. */
export function encodeInto(writer: ByteWriter, value: Value): void {
  writeValue(writer, value, []);
}

/** Keys and indices from the root down to the value in hand: its length is the depth. */
type Path = (string | number)[];

function writeValue(writer: ByteWriter, value: unknown, path: Path): void {
  switch (typeof value) {
    case "number":
      writeNumber(writer, value);
      return;
    case "string":
      if (!writeText(writer, value)) refuse(path, "holds a lone surrogate");
      return;
    case "boolean":
      writer.u8(value ? CBOR_TRUE : CBOR_FALSE);
      return;
    case "bigint":
      if (value < -(1n << 64n) || value >= 1n << 64n) refuse(path, "does not fit 64 bits");
      writeBigInteger(writer, value);
      return;
    case "object":
      if (value === null) writer.u8(CBOR_NULL);
      else if (value instanceof Uint8Array) writeByteString(writer, value);
      else writeContainer(writer, value, path);
      return;
    default:
      refuse(path, `is ${value === undefined ? "undefined" : `a ${typeof value}`}`);
  }
}

function writeContainer(writer: ByteWriter, value: object, path: Path): void {
  if (path.length === MAX_DEPTH) refuse(path, `stands deeper than ${MAX_DEPTH} levels, or in a cycle`);
  if (Array.isArray(value)) writeArray(writer, value, path);
  else if (isPlain(value)) writeMap(writer, value as Record<string, unknown>, path);
  else refuse(path, `is a ${value.constructor?.name ?? "class instance"}, not plain data`);
}

function writeArray(writer: ByteWriter, items: readonly unknown[], path: Path): void {
  writeHead(writer, MAJOR_ARRAY, items.length);
  for (let i = 0; i < items.length; i++) {
    path.push(i);
    writeValue(writer, items[i], path);
    path.pop();
  }
}

function writeMap(writer: ByteWriter, map: Record<string, unknown>, path: Path): void {
  const keys = Object.keys(map).sort(compareKeys);
  writeHead(writer, MAJOR_MAP, keys.length);
  for (const key of keys) {
    path.push(key);
    if (!writeText(writer, key)) refuse(path, "has a lone surrogate in its key");
    writeValue(writer, map[key], path);
    path.pop();
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The order of two keys' encoded forms: the shorter in UTF-8 first, then by code point. */
export function compareKeys(a: string, b: string): number {
  const byLength = utf8Length(a) - utf8Length(b);
  if (byLength !== 0) return byLength;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    // A surrogate stands for a code point above every other code unit.
    if (left !== right) return left + astral(left) - (right + astral(right));
  }
  return 0;
}

const astral = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? 0x1_0000 : 0);

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The two halves of a pair make 4 bytes, 2 each.
    if (unit >= 0x80) length += unit < 0x800 || astral(unit) > 0 ? 1 : 2;
  }
  return length;
}

function refuse(path: Path, problem: string): never {
  throw new EncodeError(pathText(path), problem);
}

/** `["payload", "targets", 2]` as `payload.targets[2]`. */
function pathText(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
