import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root: string = fileURLToPath(new URL("../../", import.meta.url));

const NOT_OURS = new Set(["node_modules", "dist", ".git", ".cache", "coverage", "journals"]);

/** Every file of the project, as paths from its root. */
export function projectFiles(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

export function parse(path: string, text: string = textOf(path)): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** What a module names in `import`, `export … from`, `import()` and `import("…")` types, values and types alike. */
export function specifiersOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node === undefined) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isLiteralTypeNode(node)) add(node.literal);
    else found.push(`computed: ${node.getText(source)}`);
  };
  walk(source, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node)) add(node.argument);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    }
  });
  return found;
}

/** The source file that a relative specifier means, as a path from the project's root: TypeScript, else as it is. */
export function resolveRelative(from: string, specifier: string): string {
  const named = normalize(join(dirname(from), specifier));
  const ends = [named, named.replace(/\.js$/, ".ts"), named.replace(/\.js$/, ".tsx")];
  return ends.find((path) => existsSync(join(root, path))) ?? ends[1]!;
}

export type Graph = ReadonlyMap<string, readonly string[]>;

/** Groups of modules that reach each other, which is what a cycle is; each group sorted. */
export function cyclesOf(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (module: string): void => {
    const mine = order.size;
    order.set(module, mine);
    low.set(module, mine);
    stack.push(module);
    for (const next of graph.get(module) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(module, Math.min(low.get(module)!, low.get(next)!));
    }
    if (low.get(module) !== mine) return;
    const group = stack.splice(stack.indexOf(module)).sort();
    if (group.length > 1 || (graph.get(module) ?? []).includes(module)) cycles.push(group);
  };
  for (const module of graph.keys()) if (!order.has(module)) visit(module);
  return cycles;
}

/** Names that a file declares itself: parameters, variables, functions, classes, types, imports, members. */
function declaredIn(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  walk(source, (node) => {
    const name = (node as ts.NamedDeclaration).name;
    if (name !== undefined && ts.isIdentifier(name) && !ts.isPropertyAccessExpression(node))
      names.add(name.text);
  });
  return names;
}

/** Names that are read from outside the file: globals, with their line numbers from 1. */
export function globalsOf(source: ts.SourceFile): { name: string; line: number; node: ts.Identifier }[] {
  const declared = declaredIn(source);
  const found: { name: string; line: number; node: ts.Identifier }[] = [];
  walk(source, (node) => {
    if (!ts.isIdentifier(node) || declared.has(node.text)) return;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
    if (ts.isQualifiedName(parent) && parent.right === node) return;
    found.push({ name: node.text, line: lineOf(source, node), node });
  });
  return found;
}

export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
