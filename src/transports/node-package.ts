/**
 * A package that only Node needs, asked for when it is needed, so that a browser's bundle neither holds it nor looks
 * for it. Undefined where there is no Node, or where the package is not installed.
 */
export function nodePackage(name: string): unknown {
  const modules = globalThis.process?.getBuiltinModule?.("node:module");
  try {
    return modules?.createRequire(import.meta.url)(name);
  } catch {
    return undefined;
  }
}
