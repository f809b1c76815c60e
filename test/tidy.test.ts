import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { bannedIn, WAIVERS } from "./tidy/banned.js";
import {
  cyclesOf,
  parse,
  projectFiles,
  resolveRelative,
  root,
  specifiersOf,
  textOf,
  walk,
} from "./tidy/modules.js";
import { ALONE, PACKAGES, ROWS, rowOf, STRANGERS } from "./tidy/order.js";

const files = projectFiles();
const typescript = files.filter((path) => /\.tsx?$/.test(path));
const isTest = (path: string): boolean => path.endsWith(".test.ts");
const modules = typescript.filter((path) => /^(src|apps)\//.test(path) && !isTest(path));
const sources = new Map(typescript.map((path) => [path, parse(path)]));
const imports = new Map(typescript.map((path) => [path, specifiersOf(sources.get(path)!)]));

/** Only the edges between files of the project. */
const graphOf = (paths: readonly string[]): Map<string, string[]> =>
  new Map(
    paths.map((path) => [
      path,
      imports
        .get(path)!
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolveRelative(path, specifier)),
    ]),
  );

describe("the imports", () => {
  const graph = graphOf(modules);

  test("are seen: a check that looks at nothing finds nothing", () => {
    const edges = [...graph.values()].flat();
    expect(modules.length).toBeGreaterThan(60);
    expect(edges.length).toBeGreaterThan(2 * modules.length);
    expect(graph.get("src/core/journal/sink.ts")).toEqual([]);
    expect(graph.get("src/core/envelope/event-envelope.ts")).toContain("src/core/base/brand.ts");
  });

  test("lead to files that are there", () => {
    const all = graphOf(typescript);
    const missing = [...all].flatMap(([path, targets]) =>
      targets.filter((target) => !existsSync(join(root, target))).map((target) => `${path} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  test("follow the order of the house", () => {
    const wrong: string[] = [];
    for (const [path, targets] of graph) {
      const row = rowOf(path);
      if (row === undefined) wrong.push(`${path} has no row in test/tidy/order.ts`);
      for (const target of targets) {
        const other = rowOf(target);
        if (row !== undefined && other !== undefined && other > row) {
          wrong.push(`${path} (${ROWS[row]}) imports ${target} (${ROWS[other]}), which stands below it`);
        }
        const stranger = STRANGERS.exec(path)?.[1];
        const strange = STRANGERS.exec(target)?.[1];
        if (stranger !== undefined && strange !== undefined && stranger !== strange) {
          wrong.push(`${path} imports ${target}: transports do not know each other`);
        }
        if (ALONE.some((folder) => path.startsWith(folder) && !target.startsWith(folder))) {
          wrong.push(`${path} imports ${target}: that folder imports nothing`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test("have no cycles, types included", () => {
    expect(cyclesOf(graphOf(typescript))).toEqual([]);
  });

  test("would show a cycle", () => {
    const looped = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
      ["e", ["e"]],
    ]);
    expect(cyclesOf(looped)).toEqual([["a", "b", "c"], ["e"]]);
    const text = `import type { A } from "./a.js"; export * from "./b.js"; import "./c.js";
      type D = import("./d.js").D; const e = import("./e.js"); const f = import(where);`;
    expect(specifiersOf(parse("x.ts", text))).toEqual([
      "./a.js",
      "./b.js",
      "./c.js",
      "./d.js",
      "./e.js",
      "computed: where",
    ]);
  });

  test("reach outside only where it is allowed", () => {
    const wrong: string[] = [];
    for (const path of modules) {
      const allowed = PACKAGES.find(({ under }) => path.startsWith(under))?.may ?? [];
      for (const specifier of imports.get(path)!) {
        if (specifier.startsWith(".")) continue;
        const fits = allowed.some((name) =>
          name === "node:"
            ? specifier.startsWith("node:")
            : specifier === name || specifier.startsWith(`${name}/`),
        );
        // What is computed at run time is a game: in the command line and its page alone.
        const computed = specifier.startsWith("computed: ") && /^(src\/cli|apps\/dev)\//.test(path);
        if (!fits && !computed) wrong.push(`${path} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("what must compute alike everywhere", () => {
  const deterministic = modules.filter((path) => /^src\/(core|math|game|wasm|lua)\//.test(path));

  test("names no clock, chance, platform or inexact function", () => {
    expect(deterministic.length).toBeGreaterThan(30);
    const used = new Set<string>();
    const wrong = deterministic.flatMap((path) =>
      bannedIn(sources.get(path)!).flatMap(({ line, what }) => {
        const waiver = WAIVERS.find((one) => one.path === path && one.what === what);
        if (waiver === undefined) return `${path}:${line} says ${what}`;
        used.add(`${waiver.path} ${waiver.what}`);
        return [];
      }),
    );
    expect(wrong).toEqual([]);
    const idle = WAIVERS.filter(({ path, what }) => !used.has(`${path} ${what}`));
    expect(idle, "waivers that nothing needs any more").toEqual([]);
  });

  test("would be told of each", () => {
    const text = `
      const now = Date.now(); performance.now(); Math.sin(1); Math.random(); const { exp } = Math;
      setTimeout(f, 1); console.log(1); process.exit(); crypto.subtle; new TextEncoder(); a ** b; "a".localeCompare("b");
      async function g() { await f(); }`;
    expect(bannedIn(parse("x.ts", text)).map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        ...["Date", "performance", "Math.sin", "Math.random", "Math as a value", "setTimeout", "console"],
        ...["process", "crypto", "TextEncoder", "**", "localeCompare", "async", "await"],
      ]),
    );
    const fine =
      "interface A { crypto: B } Math.imul(1, 2); Math.sqrt(2); 2 ** 53; options.process.Date; evt.await;";
    expect(bannedIn(parse("x.ts", fine))).toEqual([]);
  });
});

describe("the files", () => {
  const LONGEST = 450;
  const LONG = 300;

  test(`have fewer than ${LONGEST} lines`, () => {
    const lengths = typescript
      .filter((path) => !isTest(path))
      .map((path) => ({ path, lines: textOf(path).split("\n").length - 1 }))
      .sort((a, b) => b.lines - a.lines);
    const long = lengths.filter(({ lines }) => lines > LONG);
    for (const { path, lines } of long) console.warn(`${path} has ${lines} lines: is it still one idea?`);
    expect(lengths.filter(({ lines }) => lines >= LONGEST)).toEqual([]);
  });

  test("leave nothing for later, name no machine's folders and run every test", () => {
    const marks = [
      "TO" + "DO",
      "FIX" + "ME",
      "X" + "XX",
      "/work" + "/",
      "/root" + "/",
      "/ho" + "me/",
      "/Us" + "ers/",
    ];
    const readable = files.filter((path) => /\.(ts|mjs|js|json|md|lua|html|css|yml)$|^\.ci\//.test(path));
    expect(readable.length).toBeGreaterThan(80);
    const wrong = readable
      .filter((path) => path !== "package-lock.json")
      .flatMap((path) =>
        textOf(path)
          .split("\n")
          .flatMap((line, i) =>
            marks.filter((mark) => line.includes(mark)).map((mark) => `${path}:${i + 1} has ${mark}`),
          ),
      );
    expect(wrong).toEqual([]);
    const narrowed = typescript.filter(
      (path) => isTest(path) && /\b(test|describe|it)\.only\b/.test(codeOf(path)),
    );
    expect(narrowed, "files that run only some of their tests").toEqual([]);
  });
});

describe("the package", () => {
  const manifest = JSON.parse(textOf("package.json")) as {
    exports: Record<string, string | { types: string; default: string }>;
    bin: Record<string, string>;
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };

  test("exports and runs what the sources hold", () => {
    const targets = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((target) =>
        typeof target === "string" ? [] : [`./${target.default.slice(2)}`, target.types],
      ),
    ];
    const missing = targets
      .map((target) => target.replace(/^(\.\/)?dist\//, "src/").replace(/(\.d\.ts|\.js)$/, ".ts"))
      .filter((path) => !modules.includes(path));
    expect(missing).toEqual([]);
  });

  test("pins every version, and the lock file says nothing of where packages lie", () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
    const lock = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const entries = Object.entries(lock.packages).filter(([path]) => path !== "");
    expect(entries.length).toBeGreaterThan(50);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    const unsealed = entries.filter(([, entry]) => entry.integrity === undefined && !entry.optional);
    expect(unsealed.map(([path]) => path)).toEqual([]);
    // A platform's binary that is left out of the lock file stops `npm ci` on every platform.
    const forgotten = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter(
          (name) =>
            !(`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages),
        )
        .map((name) => `${path} wants ${name}`),
    );
    expect(forgotten).toEqual([]);
  });

  test("has documents whose links lead somewhere", () => {
    const documents = files.filter((path) => path.endsWith(".md"));
    const broken = documents.flatMap((path) =>
      [...proseOf(path).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
        .map((match) => (match[1] ?? match[2])!.replace(/#.*$/, ""))
        .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(root, dirname(path), target)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe("the rules", () => {
  const RULE = /EN-\d{3,}/g;
  const rules = [...textOf("SPEC.md").matchAll(/^(?:- )?\*\*(EN-\d{3,})\*\*/gm)].map((match) => match[1]!);
  const proofs = new Map<string, string[]>();
  // Suites that several test files share stand beside them.
  for (const path of typescript.filter((file) => isTest(file) || file.startsWith("test/"))) {
    for (const title of titlesOf(sources.get(path)!)) {
      for (const rule of title.match(RULE) ?? []) proofs.set(rule, [...(proofs.get(rule) ?? []), path]);
    }
  }

  test("of SPEC.md are numbered once and in order", () => {
    expect(rules.length).toBeGreaterThan(60);
    const numbers = rules.map((rule) => Number(rule.slice(3)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test("of SPEC.md each have a test that names them", () => {
    expect(rules.filter((rule) => !proofs.has(rule))).toEqual([]);
  });

  test("that tests name are in SPEC.md", () => {
    const known = new Set(rules);
    const unknown = [...proofs].filter(([rule]) => !known.has(rule));
    expect(unknown).toEqual([]);
  });

  test("that code and documents name are in SPEC.md", () => {
    const known = new Set(rules);
    const named = files
      .filter((path) => /\.(ts|mjs|md)$/.test(path) && !path.startsWith("test/tidy"))
      .flatMap((path) => (textOf(path).match(RULE) ?? []).map((rule) => ({ path, rule })))
      .filter(({ rule }) => !known.has(rule));
    expect(named).toEqual([]);
  });
});

describe("the limits", () => {
  test("each stand in LIMITS.md with their names and values", async () => {
    const rows = textOf("LIMITS.md").split("\n");
    const missing: string[] = [];
    let seen = 0;
    for (const path of modules.filter((module) => module.endsWith("/limits.ts"))) {
      const constants = (await import(/* @vite-ignore */ join(root, path))) as Record<string, unknown>;
      for (const [name, value] of Object.entries(constants)) {
        if (typeof value !== "number") continue;
        seen++;
        const mebibytes = `${value / 1024 / 1024} MiB`;
        const spellings = [`${value}`, value.toLocaleString("en-US"), mebibytes];
        const told = rows.some(
          (row) => row.includes(`\`${name}\``) && spellings.some((spelling) => row.includes(spelling)),
        );
        if (!told) missing.push(`${path}: \`${name}\` is ${spellings[1]}`);
      }
    }
    expect(seen).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });
});

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

/** The text of every call's first argument: titles of tests, whichever way `test.each` and friends nest them. */
function titlesOf(source: ts.SourceFile): string[] {
  const titles: string[] = [];
  walk(source, (node) => {
    if (!ts.isCallExpression(node) || !/^(test|it|describe)\b/.test(node.expression.getText(source))) return;
    const [title] = node.arguments;
    if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
      titles.push(title.getText(source));
    }
  });
  return titles;
}

/** A document without the code that it shows. */
const proseOf = (path: string): string => textOf(path).replace(/^```[\s\S]*?^```/gm, "");

/** A file's text without its comments and strings. */
function codeOf(path: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, textOf(path));
  let code = "";
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    code += kind === ts.SyntaxKind.StringLiteral ? '""' : scanner.getTokenText();
  }
  return code;
}
