/**
 * `echo-net/testing`: one's own game under a bad network, in virtual time. Runs in Node and in browsers.
 */
export { MemoryNetwork, type MemoryTransport, memory } from "../transports/memory/index.js";
export type { MatchWishes, TransportOption } from "../transports/transport-option.js";
export {
  type CheckOptions,
  checkDeterminism,
  type DeterminismFinding,
  type DeterminismReport,
  type DeviceInput,
} from "./check.js";
export {
  type ConformanceCase,
  ConformanceError,
  type TransportHarness,
  transportConformance,
} from "./conformance.js";
export { type EmulatedOption, emulated } from "./emulated.js";
export { type Delivery, Emulator, type EmulatorCounts } from "./emulator.js";
export { BrokenInvariant } from "./invariants.js";
export {
  createTestMatch,
  type TestMatch,
  TestMatchError,
  type TestMatchOptions,
  type TestPeer,
} from "./match.js";
export { describeNet, type NetInput, type NetSpec, parseNet, resolveNet } from "./net-spec.js";
export { NET_PRESETS } from "./presets.js";
export { VirtualNetwork } from "./virtual-network.js";
