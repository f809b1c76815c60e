/** Whole programs, as they came and as they are prepared, in which no NaN is looked at. */
import { expect, test } from "vitest";
import { rapierFiles } from "../examples/rapier-scene/game.js";
import { type RapierApi, rapierSource } from "../examples/rapier-scene/glue.js";
import { IMPORT_RULES } from "../src/wasm/abi.js";
import { prepare } from "../src/wasm/index.js";
import { gemsBytes } from "./wasm/gems.js";

type Exports = Record<string, any>;

const instance = (bytes: Uint8Array, imports: WebAssembly.Imports): Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), imports).exports;

/** The pages that an instance has by itself; the prepared one has more, up to its cap. */
const pagesOf = ({ memory, "echo:top": top }: Exports): Buffer =>
  Buffer.from(memory.buffer, 0, top === undefined ? memory.buffer.byteLength : Number(top.value));

const refuel = (exports: Exports): void => {
  if (exports["echo:fuel"] !== undefined) exports["echo:fuel"].value = 1_000_000_000n;
};

test("EN-1001 a whole game leaves the same memory, prepared or not", async () => {
  const bytes = await gemsBytes();
  const play = (module: Uint8Array, ticks = 500): Exports => {
    let drawn = 0;
    const random = (below: number): number => {
      drawn = (drawn * 31 + 7) % 1009;
      return drawn % (below >>> 0);
    };
    const nothing = (): number => 0;
    const echo = Object.fromEntries(IMPORT_RULES.map(({ name }) => [name, nothing]));
    const exports = instance(module, { echo: { ...echo, random, random_unit: () => random(1009) / 1009 } });
    refuel(exports);
    exports.echo_setup(7);
    for (let tick = 0; tick < ticks; tick++) {
      const at = 60_000;
      // `steer` of each player: two bytes.
      new Int8Array(exports.memory.buffer).set([((tick * 37) % 200) - 100, ((tick * 53) % 200) - 100], at);
      for (let slot = 0; slot < 3; slot++) exports.echo_on_event(2, slot, slot, 0, at, 2);
      exports.echo_step();
      refuel(exports);
    }
    return exports;
  };
  const [before, after] = [play(bytes), play(prepare(bytes, { imports: IMPORT_RULES }).bytes)];
  expect(pagesOf(play(bytes, 499)).equals(pagesOf(before))).toBe(false);
  expect(pagesOf(after).equals(pagesOf(before))).toBe(true);
});

test("EN-1001 a physics engine computes the same, prepared or not", () => {
  const [glue, bytes] = rapierFiles();
  const source = rapierSource(glue, bytes);
  const fall = (module: Uint8Array): { readonly places: number[]; readonly pages: Buffer } => {
    let asked: WebAssembly.ModuleImports = {};
    const from = source.imports[0]!.module;
    const stubs = source.imports.map(({ name }): [string, (...values: number[]) => unknown] => [
      name,
      (...values) => (asked[name] as (...values: number[]) => unknown)(...values),
    ]);
    const exports = instance(module, { [from]: Object.fromEntries(stubs) });
    const { imports, api } = source.bind(exports) as { imports: WebAssembly.Imports; api: RapierApi };
    asked = imports[from] as WebAssembly.ModuleImports;
    refuel(exports);
    const bodies = new api.RawRigidBodySet();
    const at = new api.RawVector(1, 2);
    const upright = api.RawRotation.fromAngle(0.3);
    const handle = bodies.createRigidBody(
      ...([true, at, upright, 1, 2, false, at, at, 0.5, 0, true, true, true] as const),
      ...([0.1, 0.1, api.RawRigidBodyType.Dynamic, true, false, 0, false, 0, 0] as const),
    );
    const [pipeline, parameters] = [new api.RawPhysicsPipeline(), new api.RawIntegrationParameters()];
    const world = [
      ...[new api.RawIslandManager(), new api.RawBroadPhase(), new api.RawNarrowPhase(), bodies],
      ...[new api.RawColliderSet(), new api.RawImpulseJointSet(), new api.RawMultibodyJointSet()],
    ] as const;
    const [ccd, gravity, scratch] = [
      new api.RawCCDSolver(),
      new api.RawVector(0, -9.81),
      new Float32Array(2),
    ];
    const places: number[] = [];
    for (let tick = 0; tick < 60; tick++) {
      (pipeline.step as any)(gravity, parameters, ...world, ccd);
      bodies.rbTranslation(handle, scratch);
      places.push(...scratch, bodies.rbRotation(handle));
    }
    return { places, pages: pagesOf(exports) };
  };
  const before = fall(bytes);
  const after = fall(prepare(bytes, { imports: source.imports, memoryCapPages: 128 }).bytes);
  expect(after.places).toEqual(before.places);
  expect(new Set(before.places).size).toBeGreaterThan(100);
  expect(after.pages.equals(before.pages)).toBe(true);
});
