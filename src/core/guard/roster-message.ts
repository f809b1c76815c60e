import { asSlot, type Hash, type Slot } from "../base/brand.js";
import { ByteReader, ByteWriter, concatBytes } from "../base/bytes.js";
import { utf8Decode, utf8Encode } from "../base/text.js";
import {
  type CryptoEngine,
  KEY_BYTES,
  SIGNATURE_BYTES,
  signDomain,
  verifyDomain,
} from "../envelope/signature.js";
import { MAX_PEERS, MAX_SLOTS } from "../wire/limits.js";
import type { Address } from "../wire/transport.js";
import { bytesOfHash, type Capability, type Manifest, type RosterPeer } from "./identity.js";
import { CAPABILITIES } from "./manifest.js";

/** A peer in a host's roster message: what enters the MatchId, and how to reach it. */
export interface Seat extends RosterPeer {
  /** X25519. */
  readonly agreementKey: Uint8Array;
  /** Where the host hears it; empty for the host itself, whom everybody knows how to reach. */
  readonly address: Address;
}

/** Who gets a seat: how many slots, and how to reach and to pair with it. */
export interface Guest {
  readonly key: Uint8Array;
  readonly agreementKey: Uint8Array;
  readonly slots: number;
  readonly address: Address;
}

/** Gives every slot to a peer: the host first, then the others in the order of their coming. */
export function seatsOf(manifest: Manifest, host: Guest, others: readonly Guest[]): Seat[] {
  let next = 0;
  return [host, ...others].map(({ key, agreementKey, slots, address }, peer) => {
    const rights: Capability[] = slots === 0 ? [] : ["network:emit"];
    if (peer === 0 && manifest.mode === "hybrid") rights.push("network:authority");
    return {
      key,
      agreementKey,
      slots: Array.from({ length: slots }, () => asSlot(next++)),
      rights,
      address,
    };
  });
}

/** The body of a ROSTER: all seats, and the host's signature over the session and them in the domain `roster`. */
export function signRoster(
  crypto: CryptoEngine,
  hostSecretKey: Uint8Array,
  sessionId: Hash,
  seats: readonly Seat[],
): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.u8(seats.length);
  for (const seat of seats) {
    const address = utf8Encode(seat.address)!;
    writer.bytes(seat.key);
    writer.bytes(seat.agreementKey);
    writer.u8(maskOf(seat.slots));
    writer.u8(maskOf(seat.rights.map((right) => CAPABILITIES.indexOf(right))));
    writer.u8(address.length);
    writer.bytes(address);
  }
  const message = concatBytes(bytesOfHash(sessionId), writer.view());
  writer.bytes(signDomain(crypto, "roster", hostSecretKey, message));
  return writer.finish();
}

/** The seats of a ROSTER's body, copied, or undefined where it is not one that this host signed. */
export function openRoster(
  crypto: CryptoEngine,
  hostKey: Uint8Array,
  sessionId: Hash,
  body: Uint8Array,
): Seat[] | undefined {
  if (body.length < SIGNATURE_BYTES) return undefined;
  const signed = body.subarray(0, body.length - SIGNATURE_BYTES);
  const signature = body.subarray(body.length - SIGNATURE_BYTES);
  const message = concatBytes(bytesOfHash(sessionId), signed);
  return verifyDomain(crypto, "roster", hostKey, message, signature) ? readSeats(signed) : undefined;
}

function readSeats(bytes: Uint8Array): Seat[] | undefined {
  const reader = new ByteReader(bytes.slice());
  const count = reader.u8();
  if (count < 1 || count > MAX_PEERS) return undefined;
  const seats: Seat[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.bytes(KEY_BYTES);
    const agreementKey = reader.bytes(KEY_BYTES);
    const slots = membersOf(reader.u8()).map((slot): Slot => asSlot(slot));
    const rights = membersOf(reader.u8()).map((bit) => CAPABILITIES[bit]);
    const address = utf8Decode(reader.bytes(reader.u8()));
    if (typeof address !== "string" || rights.includes(undefined)) return undefined;
    seats.push({ key, agreementKey, slots, rights: rights.map((right) => right!), address });
  }
  return reader.finished ? seats : undefined;
}

const maskOf = (members: readonly number[]): number =>
  members.reduce((mask, member) => mask | (1 << member), 0);

function membersOf(mask: number): number[] {
  const members: number[] = [];
  for (let member = 0; member < MAX_SLOTS; member++) if ((mask >> member) % 2 === 1) members.push(member);
  return members;
}
