import { EchoNetError } from "../core/base/errors.js";
import { NET_PRESETS, type NetSpec, PERFECT_NET } from "./presets.js";

export type { NetSpec } from "./presets.js";

/** A network as people write it: a preset's name, `key=value` pairs, or the fields that differ from perfect. */
export type NetInput = string | Partial<NetSpec>;

interface KeyRule {
  readonly field: keyof NetSpec;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

const KEYS: Readonly<Record<string, KeyRule>> = {
  latency: { field: "latencyMs", min: 0, max: 60_000, unit: "milliseconds" },
  jitter: { field: "jitterMs", min: 0, max: 60_000, unit: "milliseconds" },
  loss: { field: "loss", min: 0, max: 1, unit: "a share" },
  burst: { field: "burst", min: 1, max: 1_000, unit: "datagrams" },
  duplicate: { field: "duplicate", min: 0, max: 1, unit: "a share" },
  reorder: { field: "reorder", min: 0, max: 1, unit: "a share" },
  rate: { field: "rateKbps", min: 1, max: 10_000_000, unit: "kbit/s" },
};

/**
 * Reads `mobile`, `latency=50,jitter=10,loss=0.1`, or a preset with changes: `mobile,loss=0.3`.
 * Throws `EchoNetError` INPUT_INVALID that names the part it cannot use.
 */
export function parseNet(text: string): NetSpec {
  const spec: { -readonly [Field in keyof NetSpec]: NetSpec[Field] } = { ...PERFECT_NET };
  const seen = new Set<string>();
  for (const [index, part] of text.split(",").entries()) {
    const separator = part.indexOf("=");
    if (separator < 0) {
      const preset = Object.hasOwn(NET_PRESETS, part) ? NET_PRESETS[part] : undefined;
      if (preset === undefined) throw refuse(`there is no network "${part}": ${CHOICES}`);
      if (index > 0) throw refuse(`"${part}" must come first: a preset, then what differs from it`);
      Object.assign(spec, preset);
      continue;
    }
    const key = part.slice(0, separator);
    const rule = Object.hasOwn(KEYS, key) ? KEYS[key]! : undefined;
    if (rule === undefined) throw refuse(`a network has no "${key}": ${CHOICES}`);
    if (seen.has(key)) throw refuse(`"${key}" is given twice`);
    seen.add(key);
    const written = part.slice(separator + 1);
    spec[rule.field] = /^\d+(\.\d+)?$/.test(written) ? Number(written) : Number.NaN;
    requireInRange(key, rule, spec[rule.field], written);
  }
  requireReachable(spec);
  return spec;
}

/** The whole of a network that was given in part. Throws `EchoNetError` INPUT_INVALID. */
export function resolveNet(net: NetInput): NetSpec {
  if (typeof net === "string") return parseNet(net);
  const spec: NetSpec = { ...PERFECT_NET, ...net };
  for (const field of Object.keys(spec)) {
    if (!Object.values(KEYS).some((rule) => rule.field === field))
      throw refuse(`a network has no "${field}"`);
  }
  for (const rule of Object.values(KEYS)) {
    const value = spec[rule.field];
    if (value === null && rule.field === "rateKbps") continue;
    requireInRange(rule.field, rule, value, String(value));
  }
  requireReachable(spec);
  return spec;
}

/** The shortest text that `parseNet` reads as this network. */
export function describeNet(spec: NetSpec): string {
  const same = (other: NetSpec): boolean =>
    Object.values(KEYS).every((r) => spec[r.field] === other[r.field]);
  const preset = Object.keys(NET_PRESETS).find((name) => same(NET_PRESETS[name]!));
  if (preset !== undefined) return preset;
  const parts: string[] = [];
  for (const [key, { field }] of Object.entries(KEYS)) {
    if (spec[field] !== PERFECT_NET[field]) parts.push(`${key}=${spec[field]}`);
  }
  return parts.join(",");
}

const CHOICES = `write ${Object.keys(NET_PRESETS).join(", ")}, or pairs of ${Object.keys(KEYS).join(", ")}`;

function requireInRange(name: string, rule: KeyRule, value: number | null, written: string): void {
  if (typeof value === "number" && value >= rule.min && value <= rule.max) return;
  throw refuse(`${name}=${written} is not ${rule.unit} from ${rule.min} to ${rule.max}`);
}

/** The chain leaves its good state with a chance of loss ÷ (burst × (1 − loss)), which must be one. */
function requireReachable({ loss, burst }: NetSpec): void {
  if (burst === 1 || loss === 1 || loss <= burst * (1 - loss)) return;
  throw refuse(`burst=${burst} is too short for loss=${loss}: bursts that long leave some of it out`);
}

const refuse = (what: string): EchoNetError =>
  new EchoNetError("INPUT_INVALID", `The network cannot be used: ${what}.`);
