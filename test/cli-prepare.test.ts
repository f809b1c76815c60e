import { copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadWasmGame, prepare } from "../src/wasm/index.js";
import { MAX_MODULE_BYTES } from "../src/wasm/limits.js";
import { here, jsonOf, scratch } from "./cli/harness.js";
import { trials, trialsWithout } from "./wasm/abi-module.js";
import { assemble, list, type ModulePlan, text } from "./wasm/assembler.js";
import { gemsBytes } from "./wasm/gems.js";
import { control } from "./wasm/programs.js";

const written = (bytes: Uint8Array): string => {
  const path = `${scratch()}/game.wasm`;
  writeFileSync(path, bytes);
  return path;
};

let gems: string;
beforeAll(async () => {
  gems = written(await gemsBytes());
}, 60_000);

describe("prepare", () => {
  test("EN-960 writes the prepared module, which runs, and says what was done as numbers", async () => {
    const output = `${scratch()}/prepared.wasm`;
    const ended = await here("prepare", gems, "-o", output, "--json");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const bytes = await gemsBytes();
    const game = loadWasmGame(bytes);
    const { exports, fingerprint: _, ...numbers } = game.report;
    expect(jsonOf(ended)).toEqual({
      ok: true,
      module: gems,
      game: { name: game.name, version: game.version, tickHz: 60 },
      transformVersion: expect.any(Number),
      fingerprint: game.fingerprint,
      ...numbers,
      exports: Object.fromEntries(exports),
      output,
    });
    const prepared = readFileSync(output);
    expect(prepared).toHaveLength(game.report.outputBytes);
    expect(WebAssembly.validate(prepared)).toBe(true);
    const names = WebAssembly.Module.exports(new WebAssembly.Module(prepared)).map(({ name }) => name);
    expect(names).toEqual([...exports.keys(), ...names.filter((name) => name.startsWith("echo:"))]);
  });

  test("EN-960 says in words what was done, and writes nothing where it is not asked to", async () => {
    const { code, stdout, stderr } = await here("prepare", gems);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { report, fingerprint } = loadWasmGame(await gemsBytes());
    expect(stdout).toContain("is the game gems, version 1: 60 ticks a second");
    expect(stdout).toContain(`${report.canonicalSites} instruction`);
    expect(stdout).toContain(`counted at ${report.charges} places`);
    expect(stdout).toContain(report.imports.join(", "));
    for (const name of report.exports.keys()) expect(stdout).toContain(name);
    expect(stdout).toContain(fingerprint);
    expect(stdout).toMatch(/Nothing was written/);
  });

  test("EN-961 prepares a module that is no game for what it may import", async () => {
    const bytes = assemble({
      imports: [{ module: "./some.js", name: "now", type: ">F" }],
      functions: [{ type: ">F", export: "run", code: [0x10, 0] }],
      memory: [1, 1, 9],
    });
    const path = written(bytes);
    const output = `${scratch()}/prepared.wasm`;
    const ended = await here(
      ...["prepare", path, "--imports", "./some.js.now", "--memory-pages", "3", "-o", output, "--json"],
    );
    const options = { imports: [{ module: "./some.js", name: "now" }], memoryCapPages: 3 };
    const { bytes: prepared, report } = prepare(bytes, options);
    expect(jsonOf(ended)).toMatchObject({
      ok: true,
      game: null,
      imports: ["./some.js.now"],
      capPages: 3,
      fingerprint: report.fingerprint,
    });
    expect(Uint8Array.from(readFileSync(output))).toEqual(prepared);
    const none = await here("prepare", written(control()), "--imports", "none", "--json");
    expect(jsonOf(none)).toMatchObject({ ok: true, game: null, imports: [] });
  });

  const REFUSED: readonly (readonly [
    what: string,
    plan: ModulePlan,
    told: { readonly reason: string; readonly section: string },
    words: RegExp,
  ])[] = [
    [
      "threads",
      { functions: [{ type: ">", export: "run", code: [0xfe, 3, 0] }] },
      { reason: "threads", section: "code section" },
      /cannot be prepared \(threads\): code section at offset \d+: /,
    ],
    [
      "a memory that threads share",
      { memory: [3, 1, 1] },
      { reason: "shared-memory", section: "memory section" },
      /cannot be prepared \(shared-memory\): memory section at offset \d+: /,
    ],
    [
      "an unknown import",
      { imports: [{ module: "env", name: "now", type: ">F" }] },
      { reason: "unknown-import", section: "import section" },
      /import section at offset \d+: it imports env\.now, which nobody provides/,
    ],
    [
      "an import of another type",
      { imports: [{ module: "echo", name: "random", type: "F>i" }] },
      { reason: "unknown-import", section: "import section" },
      /it imports echo\.random as \(f64\) -> \(i32\); it is \(i32\) -> \(i32\)/,
    ],
    [
      "a memory from outside",
      { raw: { 2: list([[...text("env"), ...text("a"), 2, 0, 1]]) } },
      { reason: "unknown-import", section: "import section" },
      /offset \d+/,
    ],
    [
      "a memory above the cap",
      { memory: [0, 129, 2] },
      { reason: "too-large", section: "memory section" },
      /a memory of 257 pages; 256 are allowed/,
    ],
    [
      "a name that is taken",
      { functions: [{ type: ">", export: "echo:fuel", code: [] }] },
      { reason: "reserved-name", section: "export section" },
      /echo:fuel/,
    ],
  ];

  test.each(REFUSED)(
    "EN-962 exits with 1, place and reason for a module that has %s",
    async (_, plan, told, words) => {
      const path = written(assemble(plan));
      const output = `${scratch()}/prepared.wasm`;
      const ended = await here("prepare", path, "-o", output, "--json");
      expect(ended.code).toBe(1);
      expect(jsonOf(ended)).toMatchObject({ ok: false, ...told, offset: expect.any(Number) });
      expect(jsonOf(ended).error).toMatch(words);
      expect(ended.stderr).toBe(`echo-net prepare: ${jsonOf(ended).error}\n`);
      expect(() => readFileSync(output)).toThrow(/ENOENT/);
    },
  );

  test("EN-962 exits with 1 and names the exports that a game lacks, or what its declaration breaks", async () => {
    const lacking = await here("prepare", written(trialsWithout(["echo_step", "echo_setup"])), "--json");
    expect(lacking.code).toBe(1);
    expect(jsonOf(lacking)).toMatchObject({ ok: false, reason: "no-game", section: null, offset: null });
    expect(jsonOf(lacking).error).toMatch(
      /it exports no echo_setup \(i32\) -> \(\); it exports no echo_step/,
    );
    const broken = await here("prepare", written(trials({ name: "x" })));
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toContain("is no game: a game's version is text");
  });

  test("EN-963 exits with 3 for what is missing, too long, cut off or no WebAssembly", async () => {
    const folder = scratch();
    const missing = await here("prepare", `${folder}/none.wasm`, "--json");
    expect(missing.code).toBe(3);
    expect(jsonOf(missing).error).toContain("none.wasm cannot be read: there is no such file");
    expect((await here("prepare", folder)).stderr).toContain("it is a folder");

    const long = written(new Uint8Array(8));
    truncateSync(long, MAX_MODULE_BYTES + 1);
    expect(await here("prepare", long)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("longer than"),
    });

    for (const bytes of [
      new Uint8Array(0),
      Buffer.from("\x7fELF and more"),
      Buffer.from("function on_tick() end"),
    ]) {
      const ended = await here("prepare", written(bytes), "--json");
      expect(ended.code).toBe(3);
      expect(jsonOf(ended)).toMatchObject({ ok: false, reason: "malformed", section: "file", offset: 0 });
    }
    const whole = await gemsBytes();
    for (const length of [9, 50, 300, whole.length - 1]) {
      const ended = await here("prepare", written(whole.slice(0, length)), "--json");
      expect(ended.code).toBe(3);
      expect(jsonOf(ended)).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^(malformed|invalid)$/),
      });
      expect(jsonOf(ended).error).toMatch(/is no WebAssembly module: \w+( section)? at offset \d+: /);
    }
  });

  test("EN-964 never writes over the module, and exits with 1 where it cannot write", async () => {
    const folder = scratch();
    copyFileSync(gems, `${folder}/game.wasm`);
    symlinkSync(`${folder}/game.wasm`, `${folder}/link.wasm`);
    for (const output of [`${folder}/game.wasm`, `${folder}/link.wasm`]) {
      const ended = await here("prepare", `${folder}/game.wasm`, "-o", output);
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("names the module itself") });
    }
    expect(readFileSync(`${folder}/game.wasm`)).toEqual(readFileSync(gems));
    mkdirSync(`${folder}/folder`);
    for (const [output, reason] of [
      [`${folder}/folder`, "it is a folder"],
      [`${folder}/no/out.wasm`, "there is no such folder"],
    ] as const) {
      const ended = await here("prepare", gems, "-o", output, "--json");
      expect(ended.code).toBe(1);
      expect(jsonOf(ended).error).toBe(`${output} cannot be written: ${reason}`);
    }
    expect((await here("prepare", gems, "--imports", "now")).code).toBe(2);
  });
});
