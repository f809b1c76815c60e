import ts from "typescript";
import { globalsOf, lineOf, walk } from "./modules.js";

/** Math's functions whose results the language fixes to the last bit. All others differ between engines. */
const EXACT_MATH = new Set(
  "abs ceil clz32 floor fround imul max min round sign sqrt trunc PI E LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2".split(
    " ",
  ),
);

/** Globals that tell of time, place, chance or platform. */
const BANNED_GLOBALS = new Set(
  `AbortController Atomics Buffer Bun Date Deno EventTarget FinalizationRegistry Intl MessageChannel
   Performance Promise SharedArrayBuffer TextDecoder TextEncoder Temporal URL WeakRef WebSocket Worker alert
   atob btoa clearInterval clearTimeout console crypto document eval fetch global globalThis localStorage
   navigator performance process queueMicrotask require requestAnimationFrame self setImmediate setInterval
   setTimeout structuredClone window`.split(/\s+/),
);

/** Methods whose results follow the machine's language or clock. */
const BANNED_METHODS = new Set(
  "localeCompare toLocaleString toLocaleLowerCase toLocaleUpperCase toLocaleDateString".split(" "),
);

export interface Finding {
  readonly line: number;
  readonly what: string;
}

/** What a deterministic module may not say, found in one file. */
export function bannedIn(source: ts.SourceFile): Finding[] {
  const found: Finding[] = [];
  const add = (node: ts.Node, what: string): void => {
    found.push({ line: lineOf(source, node), what });
  };
  for (const { name, node } of globalsOf(source)) {
    if (BANNED_GLOBALS.has(name)) add(node, name);
    if (name === "Math") {
      const { parent } = node;
      if (!ts.isPropertyAccessExpression(parent)) add(node, "Math as a value");
      else if (!EXACT_MATH.has(parent.name.text)) add(node, `Math.${parent.name.text}`);
    }
  }
  walk(source, (node) => {
    if (ts.isPropertyAccessExpression(node) && BANNED_METHODS.has(node.name.text)) add(node, node.name.text);
    if (ts.isAwaitExpression(node)) add(node, "await");
    if (node.kind === ts.SyntaxKind.AsyncKeyword) add(node, "async");
    if (!ts.isBinaryExpression(node)) return;
    const { kind } = node.operatorToken;
    const power = kind === ts.SyntaxKind.AsteriskAsteriskToken;
    const exponent = ts.isPrefixUnaryExpression(node.right) ? node.right.operand : node.right;
    const constant = node.left.getText(source) === "2" && ts.isNumericLiteral(exponent);
    if ((power && !constant) || kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) add(node, "**");
  });
  return found;
}

/** Where something banned stands for a reason. A waiver that nothing needs is itself a finding. */
export const WAIVERS: readonly { readonly path: string; readonly what: string; readonly reason: string }[] = [
  {
    path: "src/lua/node-parts.ts",
    what: "globalThis",
    reason: "games and Lua itself are read from disk, before any match, where there is a Node",
  },
  {
    path: "src/lua/source.ts",
    what: "URL",
    reason: "a game may be named by the URL of its folder, before any match",
  },
  {
    path: "src/lua/load-lua-game.ts",
    what: "async",
    reason: "loading comes before any match, and may one day wait for a browser",
  },
  {
    path: "src/lua/load-lua-game.ts",
    what: "Promise",
    reason: "what an async function returns",
  },
  {
    path: "src/wasm/engine.ts",
    what: "globalThis",
    reason: "it asks for the platform's WebAssembly, whose types come with no library that is built on here",
  },
  {
    path: "src/game/guards.ts",
    what: "globalThis",
    reason: "it puts the platform's clocks and dice out of reach while a game's code runs under guard",
  },
];
