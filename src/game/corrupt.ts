import { isTypedArray } from "./state-typed-array.js";

/** Changes the first leaf of a tree, in its own order, that is a number, a boolean or text; false where none is. */
export function corruptTree(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (node instanceof Map) {
    for (const [key, item] of node) if (corruptItem(item, (other) => node.set(key, other))) return true;
    return false;
  }
  if (node instanceof Set) {
    for (const item of node) {
      const replace = (other: unknown): void => {
        node.delete(item);
        node.add(other);
      };
      if (corruptItem(item, replace)) return true;
    }
    return false;
  }
  const items = node as Record<string, unknown>;
  const keys = isTypedArray(node)
    ? Array.from({ length: Math.min(1, node.length) }, () => "0")
    : Object.keys(node);
  for (const key of keys) {
    const replace = (other: unknown): void => {
      items[key] = other;
    };
    if (corruptItem(items[key], replace)) return true;
  }
  return false;
}

function corruptItem(item: unknown, replace: (other: unknown) => void): boolean {
  const other = changed(item);
  if (other === undefined) return corruptTree(item);
  replace(other);
  return true;
}

function changed(leaf: unknown): unknown {
  switch (typeof leaf) {
    case "number":
      return Number.isSafeInteger(leaf) ? leaf + 1 : 0;
    case "bigint":
      return leaf + 1n;
    case "boolean":
      return !leaf;
    case "string":
      return `${leaf}!`;
    default:
      return undefined;
  }
}
