import type { Hash } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import { domainHasher, writeHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";

/** Bytes of a NodeId, and of the hashes that it covers. */
export const NODE_ID_BYTES = 32;
const NO_NODE: Uint8Array = new Uint8Array(NODE_ID_BYTES);
const message = new ByteWriter(1024);
const joined = new ByteWriter(1024);
const hasher = domainHasher("node");

/**
 * The identity of the history up to and including `tick`: BLAKE3 under the domain `node` of
 * `previous ‖ varint tick ‖ varint count ‖ count × 32 bytes of envelope hash ‖ 32 bytes of state hash`.
 *
 * @param previous NodeId of the tick before; undefined for tick 0 alone, where 32 zero bytes stand for it
 * @param eventHashes envelope hashes of the tick's events, entered and refused, in the order of the tick
 * @param stateHash hash of the state after the tick; undefined (and left out) where the interval asks for none
 */
export function nodeId(
  previous: Uint8Array | undefined,
  tick: number,
  eventHashes: readonly Uint8Array[],
  stateHash: Hash | undefined,
): Uint8Array {
  const node = new Uint8Array(NODE_ID_BYTES);
  joined.reset();
  for (let i = 0; i < eventHashes.length; i++) joined.bytes(eventHashes[i]!);
  nodeIdInto(node, previous, tick, joined, stateHash);
  return node;
}

/** As `nodeId`, into 32 bytes that are there; `eventHashes` holds one hash after the other. */
export function nodeIdInto(
  node: Uint8Array,
  previous: Uint8Array | undefined,
  tick: number,
  eventHashes: ByteWriter,
  stateHash: Hash | undefined,
): void {
  invariant((previous === undefined) === (tick === 0), "every node but that of tick 0 has a node before it");
  message.reset();
  message.bytes(previous ?? NO_NODE);
  message.varint(tick);
  message.varint(eventHashes.length / NODE_ID_BYTES);
  message.append(eventHashes);
  if (stateHash !== undefined) writeHash(message, stateHash);
  hasher.hashInto(node, message);
}

/** Whether the state after `tick` is hashed into its node, where every `everyTicks`-th is. */
export const hashesState = (tick: number, everyTicks: number): boolean => tick % everyTicks === 0;
