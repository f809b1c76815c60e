import type { NetSpec, TransportOption } from "echo-net/testing";
import { type EmulatedOption, emulated, NET_PRESETS } from "echo-net/testing";

/** What the sliders set, each way. */
export interface Conditions {
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** 0 to 1. */
  readonly loss: number;
}

export const PRESETS: readonly { readonly name: string; readonly title: string }[] = [
  { name: "perfect", title: "Perfect" },
  { name: "wifi", title: "Wi-Fi" },
  { name: "lossy", title: "Lossy" },
  { name: "mobile", title: "Mobile" },
];

export function presetOf(name: string): Conditions {
  const { latencyMs, jitterMs, loss } = NET_PRESETS[name]!;
  return { latencyMs, jitterMs, loss };
}

/** A bad network in front of every transport of this page, that the player can make worse. */
export class Network {
  #conditions: Conditions;
  readonly #options: EmulatedOption[] = [];

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  get conditions(): Conditions {
    return this.#conditions;
  }

  /** The transport behind this network. */
  around(transport: TransportOption): TransportOption {
    const option = emulated(transport, this.#spec, `${this.#options.length}`);
    this.#options.push(option);
    return option;
  }

  change(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
    for (const option of this.#options) option.setNet(this.#spec);
  }

  get #spec(): Partial<NetSpec> {
    return { ...this.#conditions };
  }
}
