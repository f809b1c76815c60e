import type { Hash } from "../base/brand.js";
import type { ByteReader, ByteWriter } from "../base/bytes.js";
import { concatBytes } from "../base/bytes.js";
import {
  type CryptoEngine,
  KEY_BYTES,
  SIGNATURE_BYTES,
  signDomain,
  verifyDomain,
} from "../envelope/signature.js";
import { COOKIE_BYTES } from "./cookie.js";
import { bytesOfHash } from "./identity.js";

/** The body of a JOIN: who asks, for how many slots, and by which key to agree on a channel's keys. */
export interface JoinRequest {
  readonly cookie: Uint8Array;
  /** Ed25519. */
  readonly key: Uint8Array;
  /** X25519. */
  readonly agreementKey: Uint8Array;
  /** 1 to 8. */
  readonly slots: number;
  /** Over session, token, both keys and slots, in the domain `join`. */
  readonly signature: Uint8Array;
}

export function writeJoinRequest(writer: ByteWriter, request: JoinRequest): void {
  writer.bytes(request.cookie);
  writer.bytes(request.key);
  writer.bytes(request.agreementKey);
  writer.u8(request.slots);
  writer.bytes(request.signature);
}

/** Copies what it reads. */
export const readJoinRequest = (reader: ByteReader): JoinRequest => ({
  cookie: reader.bytes(COOKIE_BYTES).slice(),
  key: reader.bytes(KEY_BYTES).slice(),
  agreementKey: reader.bytes(KEY_BYTES).slice(),
  slots: reader.u8(),
  signature: reader.bytes(SIGNATURE_BYTES).slice(),
});

type Unsigned = Omit<JoinRequest, "cookie" | "signature">;

const signedPart = (sessionId: Hash, token: Uint8Array, request: Unsigned): Uint8Array =>
  concatBytes(bytesOfHash(sessionId), token, request.key, request.agreementKey, Uint8Array.of(request.slots));

export const signJoinRequest = (
  crypto: CryptoEngine,
  secretKey: Uint8Array,
  sessionId: Hash,
  token: Uint8Array,
  request: Unsigned,
): Uint8Array => signDomain(crypto, "join", secretKey, signedPart(sessionId, token, request));

export const verifyJoinRequest = (
  crypto: CryptoEngine,
  sessionId: Hash,
  token: Uint8Array,
  request: JoinRequest,
): boolean =>
  verifyDomain(crypto, "join", request.key, signedPart(sessionId, token, request), request.signature);
