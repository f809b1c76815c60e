import { describe, expect, test } from "vitest";
import { assemble, op } from "../../test/wasm/assembler.js";
import { REFUSED, refusedBytes, running, zero } from "../../test/wasm/refused-modules.js";
import { prepare } from "./prepare.js";
import { ModuleRefused } from "./refusal.js";

function refusalOf(bytes: Uint8Array): ModuleRefused {
  try {
    prepare(bytes, { imports: [{ module: "echo", name: "random", type: "i>i" }] });
  } catch (error) {
    if (error instanceof ModuleRefused) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("what is refused", () => {
  test.each(REFUSED)("EN-1002 %s: %s, in the %s section", (what, reason, section, plan) => {
    const bytes = refusedBytes(what, plan);
    const refusal = refusalOf(bytes);
    expect(refusal.reason).toBe(reason);
    expect(refusal.section).toBe(section === "file" ? "file" : `${section} section`);
    expect(refusal.offset).toBeGreaterThan(0);
    expect(refusal.offset).toBeLessThan(bytes.length);
    expect(refusal.hint).toContain(`at offset ${refusal.offset}: `);
  });

  /** Features that this very engine runs: without the refusal the modules would be accepted. */
  test.each([
    "an atomic load",
    "a shared memory",
    "table.grow",
    "an unknown import",
    "a tail call",
    "a reserved name",
  ])("EN-1002 %s, although the engine takes it", (what) => {
    const [, , , plan] = REFUSED.find(([name]) => name === what)!;
    const shared = what.startsWith("an atomic") ? { ...plan, memory: [3, 1, 1] } : plan;
    expect(WebAssembly.validate(refusedBytes(what, shared))).toBe(true);
  });

  test("EN-1002 names the place of an instruction", () => {
    const bytes = refusedBytes("", running(zero, [0x1a], [0x12, 0]));
    expect(bytes[refusalOf(bytes).offset]).toBe(0x12);
  });

  test("EN-1002 every beginning of a module, and what is none", () => {
    const whole = assemble(running(zero, [0x1a]));
    expect(() => prepare(whole)).not.toThrow();
    for (let length = 0; length < whole.length; length++) {
      // Cut between two sections a module may be whole, only without what follows.
      const bytes = whole.slice(0, length);
      if (!WebAssembly.validate(bytes)) expect(["malformed", "invalid"]).toContain(refusalOf(bytes).reason);
    }
    expect(refusalOf(Uint8Array.from(Buffer.from("\x7fELF and more"))).reason).toBe("malformed");
    expect(refusalOf(assemble({ functions: [{ type: ">i", code: op(0x01) }] })).reason).toBe("invalid");
  });
});
