import { MAX_NAME_LENGTH } from "../core/envelope/limits.js";
import { ADVICE_LENGTH, ADVICE_LINES } from "./limits.js";
import type { Script } from "./runtime.js";

/** What `advise` reads of a game. */
export interface AdvisedGame {
  readonly scripts: readonly Script[];
  readonly catalog: { readonly kinds: readonly { readonly name: string }[] };
}

const RESERVED = ["start", "tick", "input"];
const QUOTED =
  /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;
const CALLBACK = /\b(local\s+)?function\s+on_(\w+)\s*\(|^[ \t]*(local\s+)?on_(\w+)\s*=\s*function\b/gm;
const OF_SELF = /\bfunction\s+self\s*[.:]\s*(on_\w+)\s*\(|\bself\s*\.\s*(on_\w+)\s*=(?!=)/g;
const OTHERWISE =
  /\bfunction\s+([oO]n_?[A-Z]\w*|On_\w+|ON_\w+)\s*\(|^[ \t]*([oO]n_?[A-Z]\w*|On_\w+|ON_\w+)\s*=\s*function\b/gm;
const EMITTED = /^emit\s*\(?\s*(["'])(\w+)\1/;

/**
 * What in a game's scripts looks like a slip that is no error: callbacks that nothing calls, events that nobody
 * handles or emits, and what `on_input` sets on a copy that is thrown away. A line each, with file and line.
 */
export function advise({ scripts, catalog }: AdvisedGame): readonly string[] {
  const texts = scripts.map(({ name, file, text }) => ({ name, file, text, code: withoutQuoted(text) }));
  const isDeclared = texts.some(({ code }) => /\bevent\s*\(/.test(code));
  const kinds = catalog.kinds.map(({ name }) => name);
  const [emitted, emitsOthers] = emittedKinds(texts);
  const called = isDeclared || emitsOthers ? kinds : kinds.filter((kind) => emitted.has(kind));
  const lines: string[] = [];
  const handled = new Set<string>();
  for (const { name, file, text, code } of texts) {
    for (const match of code.matchAll(CALLBACK)) {
      if (lines.length >= ADVICE_LINES) break;
      const kind = (match[2] ?? match[4])!;
      const isLocal = (match[1] ?? match[3]) !== undefined;
      const isElsewhere = kind === "input" && name !== "player";
      if (!isLocal && !isElsewhere) handled.add(kind);
      const isCalled = RESERVED.includes(kind) || called.includes(kind);
      if (isElsewhere) lines.push(`${file}:${lineAt(text, match.index)}: on_input runs in player.lua alone`);
      if (kind !== "input") lines.push(...strayInput(file, code, match.index));
      if (isCalled !== isLocal) continue;
      const place = `${file}:${lineAt(text, match.index)}`;
      if (isLocal) {
        lines.push(`${place}: on_${kind} is local, and nothing calls it: callbacks are globals`);
        continue;
      }
      const near = nearest(kind, [...RESERVED, ...called]);
      const meant = near === undefined ? "" : `; did you mean on_${near}?`;
      const why = isDeclared ? `no event ${kind} is declared` : `nothing emits ${kind}`;
      lines.push(`${place}: nothing calls on_${kind}, since ${why}${meant}`);
    }
    lines.push(...misnamed(file, code, [...RESERVED, ...kinds, ...emitted]));
    if (name === "player") lines.push(...lostWrites(file, code));
  }
  for (const kind of isDeclared ? kinds : []) {
    if (!handled.has(kind)) lines.push(`event ${kind} is declared, and no script has on_${kind}`);
  }
  const { file } = texts.find(({ name }) => name === "player")!;
  if (!handled.has("input")) lines.push(`${file} has no on_input: players do nothing`);
  return lines.slice(0, ADVICE_LINES).map((line) => line.slice(0, ADVICE_LENGTH));
}

/** The code with comments and strings blanked, each character in its place. */
const withoutQuoted = (text: string): string =>
  text.replace(QUOTED, (quoted) => quoted.replace(/[^\n]/g, " "));

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** The kinds that scripts name where they emit, and whether they emit others, whose name they compute. */
function emittedKinds(texts: readonly { text: string; code: string }[]): [Set<string>, boolean] {
  const named = new Set<string>();
  let others = false;
  for (const { text, code } of texts) {
    for (const match of code.matchAll(/\bemit\b/g)) {
      const kind = EMITTED.exec(text.slice(match.index, match.index + 128))?.[2];
      if (kind === undefined) others = true;
      else named.add(kind);
    }
  }
  return [named, others];
}

/** What was meant as a callback, and is a field of `self` or spelled in another way. */
function misnamed(file: string, code: string, called: readonly string[]): string[] {
  const lines: string[] = [];
  for (const { index, 1: method, 2: field } of code.matchAll(OF_SELF)) {
    const name = (method ?? field)!;
    if (lines.length === ADVICE_LINES) break;
    if (timesCalled(code, `[.:]\\s*${name}`) > (method === undefined ? 0 : 1)) continue;
    lines.push(
      `${file}:${lineAt(code, index)}: nothing calls self.${name}: callbacks are globals; did you mean function ${name}()?`,
    );
  }
  for (const { index, 1: declared, 2: assigned } of code.matchAll(OTHERWISE)) {
    const name = (declared ?? assigned)!;
    const meant = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
    if (lines.length === ADVICE_LINES) break;
    if (!called.includes(meant.slice("on_".length))) continue;
    if (timesCalled(code, `\\b${name}`) > (declared === undefined ? 0 : 1)) continue;
    lines.push(`${file}:${lineAt(code, index)}: nothing calls ${name}; did you mean ${meant}?`);
  }
  return lines;
}

/** How often a name stands before arguments, where it is declared as a function too. */
const timesCalled = (code: string, name: string): number =>
  [...code.matchAll(new RegExp(`${name}\\s*\\(`, "g"))].length;

/** Where another callback asks for what there is in `on_input` alone. */
function strayInput(file: string, code: string, start: number): string[] {
  const found = /\becho\.(?:input|local_state)\b/.exec(bodyAt(code, start));
  if (found === null) return [];
  return [`${file}:${lineAt(code, start + found.index)}: ${found[0]} is nil outside on_input`];
}

/** What `on_input` assigns that is neither its own local nor kept in `echo.local_state`. */
function lostWrites(file: string, code: string): string[] {
  // Of several definitions the last one runs.
  const defined = [...code.matchAll(/\bfunction\s+on_input\s*\(|^[ \t]*on_input\s*=\s*function\b/gm)].at(-1);
  if (defined === undefined) return [];
  const start = defined.index + defined[0].indexOf("function");
  const body = bodyAt(code, start);
  const own = new Set<string>();
  for (const [, names] of body.matchAll(/\b(?:local\s+(?:function\s+)?|for\s+)([\w\s,]+)/g)) {
    for (const [name] of names!.matchAll(/\w+/g)) own.add(name);
  }
  const lines = new Map<string, string>();
  let [depth, read] = [0, 0];
  for (const { index, 1: target } of body.matchAll(/(?<![\w.:])([A-Za-z_]\w*(?:\.\w+)*)\s*=(?!=)/g)) {
    for (; read < index; read++) depth += body[read] === "{" ? 1 : body[read] === "}" ? -1 : 0;
    const base = /^\w+/.exec(target!)![0];
    const isLost = base === "self" || (base === target && !own.has(base));
    // What is assigned within braces is a field of a table.
    if (!isLost || depth > 0 || lines.has(target!)) continue;
    const place = `${file}:${lineAt(code, start + index)}`;
    lines.set(
      target!,
      `${place}: on_input sets ${target}, on a copy that is thrown away: keep it in echo.local_state, or emit an event that sets it`,
    );
    if (lines.size === ADVICE_LINES) break;
  }
  return [...lines.values()];
}

/** A function's text up to its own `end`. */
function bodyAt(code: string, start: number): string {
  let depth = 0;
  for (const match of code.slice(start).matchAll(/\b(function|if|do|repeat|end|until)\b/g)) {
    depth += match[1] === "end" || match[1] === "until" ? -1 : 1;
    if (depth === 0) return code.slice(start, start + match.index);
  }
  return code.slice(start);
}

/** The name that is closest in spelling, if it is close at all. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  let [best, least] = [undefined as string | undefined, 3];
  if (name.length > MAX_NAME_LENGTH) return undefined;
  for (const other of names) {
    const steps = editSteps(plain(name), plain(other));
    if (steps < least && steps < other.length / 2) [best, least] = [other, steps];
  }
  return best;
}

/** Letters to put in, leave out or change. */
function editSteps(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
