import type { ImportRule, ModuleGlue, ModuleSource } from "echo-net/wasm";
import type * as Rapier from "../../node_modules/@dimforge/rapier2d-deterministic-compat/dist/rapier_wasm2d.js";

/** What the glue's own JavaScript holds: the classes of Rapier's raw interface. */
export type RapierApi = typeof Rapier;

const FROM = "./rapier_wasm2d_bg.js";
/**
 * Everything that Rapier may ask for, without the endings that its build gives the names: objects on the glue's own
 * table, calls back into the caller's JavaScript, and a clock that its profiler would read.
 */
const IMPORTS: ReadonlySet<string> = new Set([
  "__wbg___wbindgen_boolean_get",
  "__wbg___wbindgen_is_function",
  "__wbg___wbindgen_is_undefined",
  "__wbg___wbindgen_number_get",
  "__wbg___wbindgen_throw",
  "__wbg_bind",
  "__wbg_call",
  "__wbg_length",
  "__wbg_new_from_slice",
  "__wbg_new_with_length",
  "__wbg_now",
  "__wbg_performance",
  "__wbg_prototypesetcall",
  "__wbg_rawcontactforceevent_new",
  "__wbg_rawraycolliderintersection_new",
  "__wbg_rawshape_unwrap",
  "__wbg_set",
  "__wbg_set_index",
  "__wbg_static_accessor_GLOBAL",
  "__wbg_static_accessor_GLOBAL_THIS",
  "__wbg_static_accessor_SELF",
  "__wbg_static_accessor_WINDOW",
  "__wbindgen_cast",
  "__wbindgen_object_clone_ref",
  "__wbindgen_object_drop_ref",
]);

/** The names that the glue would find in its surroundings, and what it finds instead: nothing that could differ. */
const PINNED = {
  // Objects would be freed when the host collects garbage: at another time at each peer.
  FinalizationRegistry: undefined,
  globalThis: { performance: { now: () => 0 } },
  global: undefined,
  self: undefined,
  window: undefined,
};

/** The imports that the module names, as far as they are known to be the same everywhere. */
function importsOf(bytes: Uint8Array): readonly ImportRule[] {
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  return WebAssembly.Module.imports(module).flatMap(({ module: from, name }) => {
    const plain = name.replace(/_[0-9a-f]{16}$/, "");
    return from === FROM && IMPORTS.has(plain) ? [{ module: from, name }] : [];
  });
}

/** Stands in for the platform's WebAssembly: the module is there already, and only has to be handed over. */
class Given {}

/**
 * Rapier's module with the JavaScript that comes with it.
 *
 * @param glue the text of `rapier_wasm2d.js`, as it is
 * @param bytes of `rapier_wasm2d_bg.wasm`
 */
export function rapierSource(glue: string, bytes: Uint8Array): ModuleSource<RapierApi> {
  const names = [...glue.matchAll(/^export (?:class|const|function) (\w+)/gm)].map(([, name]) => name!);
  const body = glue.replace(/^export \{.*\};?$/gm, "").replace(/^export /gm, "");
  const parameters = [...Object.keys(PINNED), "WebAssembly"];
  const run = new Function(
    ...parameters,
    `"use strict";\n${body}\nreturn { ${names.join(", ")}, initSync };`,
  );
  const rules = importsOf(bytes);
  // Rapier remembers where its glue keeps the clock; fresh glue has none there, and nobody needs one.
  const clocks = Object.fromEntries(
    rules.filter(({ name }) => name.startsWith("__wbg_now_")).map(({ name }) => [name, () => 0]),
  );
  return {
    bytes,
    imports: rules,
    memoryCapPages: 128,
    bind: (exports): ModuleGlue<RapierApi> => {
      let imports: ModuleGlue<RapierApi>["imports"] = {};
      class Instance {
        readonly exports = exports;
        constructor(_: Given, asked: typeof imports) {
          imports = { [FROM]: { ...asked[FROM], ...clocks } };
        }
      }
      const api = run(...Object.values(PINNED), { Module: Given, Instance });
      api.initSync({ module: new Given() });
      return { imports, api };
    },
  };
}
