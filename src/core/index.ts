/**
 * The core by itself: no I/O, no clock, no unseeded number. For those who bring their own engine, transport or
 * tooling; games start at `echo-net`.
 */
export * from "./base/brand.js";
export { EchoNetError, type EchoNetErrorCode } from "./base/errors.js";
export { blake3Bytes, blake3Hash } from "./base/hash.js";
export { type Random, Xoshiro128 } from "./base/prng.js";
export type { Value } from "./base/value.js";
export { type ArrangedTick, arrangeTick, tickRulesOf } from "./bridge/order.js";
export { type BundledGame, bundleOf, fingerprintOfBundle } from "./bundle/game-bundle.js";
export { EventCatalog } from "./envelope/catalog.js";
export { CodecError, decode, encode } from "./envelope/codec.js";
export { event, t } from "./envelope/declare.js";
export type { Author, EmitRequest, EventEnvelope } from "./envelope/event-envelope.js";
export type { CanonicalRefusal } from "./envelope/refusal.js";
export { type CryptoEngine, nobleEngine } from "./envelope/signature.js";
export type { ApproachOptions as BundleFetchOptions } from "./guard/approach.js";
export { BundleFetch, type FetchState } from "./guard/bundle-fetch.js";
export { HostLobby } from "./guard/host-lobby.js";
export {
  gameIdOf,
  type Manifest,
  type MatchIdentity,
  type Mode,
  matchIdentityOf,
  PROTOCOL_VERSION,
  type RosterPeer,
} from "./guard/identity.js";
export { JoinLobby } from "./guard/join-lobby.js";
export type { Lobby, LobbyState, MatchStart } from "./guard/lobby.js";
export type * from "./session/outputs.js";
export type { NetworkingPort, ReplicatorPort } from "./session/ports.js";
export { ReplicatedPort } from "./session/replicated-port.js";
export { Session } from "./session/session.js";
export type { SessionOptions } from "./session/session-options.js";
export * from "./session/simulation.js";
export type { SessionStats } from "./session/stats.js";
export type { View } from "./session/view.js";
export type { Address, Received, Transport } from "./wire/transport.js";
