import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { describeNet, parseNet, resolveNet } from "./net-spec.js";
import { NET_PRESETS, PERFECT_NET } from "./presets.js";

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EchoNetError);
    expect((error as EchoNetError).code).toBe("INPUT_INVALID");
    return (error as EchoNetError).hint;
  }
  throw new Error("was not refused");
}

describe("parseNet", () => {
  test("EN-820 reads the presets with the pinned figures", () => {
    const figures = Object.fromEntries(
      Object.entries(NET_PRESETS).map(([name, net]) => [name, [net.latencyMs, net.jitterMs, net.loss]]),
    );
    expect(figures).toEqual({
      perfect: [0, 0, 0],
      lan: [1, 0, 0],
      wifi: [20, 5, 0.01],
      good: [50, 10, 0],
      lossy: [50, 10, 0.1],
      mobile: [100, 30, 0.2],
    });
    for (const name of Object.keys(NET_PRESETS)) expect(parseNet(name)).toEqual(NET_PRESETS[name]);
  });

  test("EN-820 reads pairs, and pairs that change a preset", () => {
    expect(parseNet("latency=50,jitter=10,loss=0.1")).toEqual(NET_PRESETS.lossy);
    expect(parseNet("duplicate=0.5,reorder=1,rate=256,burst=4,loss=0.25")).toEqual({
      ...PERFECT_NET,
      duplicate: 0.5,
      reorder: 1,
      rateKbps: 256,
      burst: 4,
      loss: 0.25,
    });
    expect(parseNet("mobile,loss=0.3")).toEqual({ ...NET_PRESETS.mobile, loss: 0.3 });
  });

  test.each([
    ["", '""'],
    ["moblie", '"moblie"'],
    ["toString", '"toString"'],
    ["lag=5", '"lag"'],
    ["__proto__=5", '"__proto__"'],
    ["loss=0.1,loss=0.2", '"loss" is given twice'],
    ["loss=1.5", "loss=1.5"],
    ["loss=10%", "loss=10%"],
    ["latency=-1", "latency=-1"],
    ["latency=", "latency="],
    ["latency=1e3", "latency=1e3"],
    ["rate=0", "rate=0"],
    ["loss=0.1,mobile", '"mobile" must come first'],
    ["loss=0.9,burst=2", "burst=2 is too short for loss=0.9"],
  ])("EN-820 refuses %j and names what it cannot use", (text, named) => {
    expect(refusal(() => parseNet(text))).toContain(named);
  });

  test("EN-820 refuses fields that are none and figures out of range", () => {
    expect(refusal(() => resolveNet({ lag: 5 } as never))).toContain('"lag"');
    expect(refusal(() => resolveNet({ loss: Number.NaN }))).toContain("loss=NaN");
    expect(refusal(() => resolveNet({ latencyMs: null } as never))).toContain("latencyMs=null");
  });

  test("EN-820 what describeNet writes, parseNet reads as the same network", () => {
    for (const text of ["mobile", "latency=50,jitter=10,loss=0.3", "rate=64,burst=3,loss=0.2"]) {
      expect(parseNet(describeNet(parseNet(text)))).toEqual(parseNet(text));
    }
    expect(describeNet(parseNet("latency=100,jitter=30,loss=0.2"))).toBe("mobile");
    expect(describeNet(parseNet("mobile,loss=0.3"))).toBe("latency=100,jitter=30,loss=0.3");
  });
});
