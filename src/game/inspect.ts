import { isMap, setOwn, type Value } from "../core/base/value.js";
import { isTypedArray } from "./state-typed-array.js";

/**
 * A state as a tree that can be written down and compared: what JSON-like data does not know stands under a name in
 * angle brackets, such as `{"<Map>": [[key, value], …]}`. Derived events that wait stand under `<pending>`,
 * what a module keeps under `<module>`.
 */
export function inspectTree(state: unknown, pending: readonly Value[], module?: Value): Value {
  const tree = treeOf(state);
  if (pending.length === 0 && module === undefined) return tree;
  return {
    ...(isMap(tree) ? tree : { "<state>": tree }),
    ...(pending.length > 0 && { "<pending>": pending }),
    ...(module !== undefined && { "<module>": module }),
  };
}

function treeOf(node: unknown): Value {
  if (node === undefined) return "<undefined>";
  if (typeof node !== "object" || node === null) return node as Value;
  if (Array.isArray(node)) return node.map(treeOf);
  if (node instanceof Map) return { "<Map>": [...node].map(([key, item]) => [treeOf(key), treeOf(item)]) };
  if (node instanceof Set) return { "<Set>": [...node].map(treeOf) };
  if (isTypedArray(node)) return { [`<${node.constructor.name}>`]: Array.from<number | bigint>(node) };
  const tree: Record<string, Value> = {};
  for (const [key, item] of Object.entries(node)) setOwn(tree, key, treeOf(item));
  return tree;
}
