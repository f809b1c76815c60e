import type { Hash } from "../base/brand.js";
import { ByteReader, ByteWriter, equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { hashOfBytes, utf8Decode, utf8Encode } from "../base/text.js";
import { isSoundPublicKey, KEY_BYTES } from "../envelope/signature.js";
import { MAX_ADDRESS_BYTES, MAX_INVITE_ADDRESSES } from "../wire/limits.js";
import type { Address } from "../wire/transport.js";
import { fromBase64Url, toBase64Url } from "./base64url.js";
import { bytesOfHash } from "./identity.js";

/** Bytes of the secret that those who are invited share. */
export const SECRET_BYTES = 16;

/** What a joiner must know of a match before it has heard of anybody. */
export interface Invite {
  /** Where the host can be reached, best first: 1 to 8. */
  readonly addresses: readonly Address[];
  /** The host's Ed25519 public key. */
  readonly hostKey: Uint8Array;
  readonly sessionId: Hash;
  /** 16 bytes; whoever knows them may ask to join. */
  readonly secret: Uint8Array;
}

const PREFIX = "echo-net:";
const INVITE_VERSION = 1;
const HASH_BYTES = 32;
const CHECKSUM_BYTES = 4;
/** Every part at its longest: 1 + 32 + 32 + 16 + 1 + 8 × 61 + 4 = 574 bytes are 766 digits. */
const MAX_INVITE_LENGTH = 800;

/** Whether a text can stand as an address in an invite or a roster: 1 to 60 bytes. */
export function isAddress(address: Address): boolean {
  const length = utf8Encode(address)?.length ?? 0;
  return length >= 1 && length <= MAX_ADDRESS_BYTES;
}

/** One word that holds an invite. Addresses beyond the first eight, or too long to spell, are left out. */
export function encodeInvite(invite: Invite): string {
  const addresses = invite.addresses.filter(isAddress).slice(0, MAX_INVITE_ADDRESSES);
  if (addresses.length === 0) {
    throw new EchoNetError(
      "NO_ROUTE",
      "nobody can be invited: the transport has no address that fits an invite",
    );
  }
  invariant(invite.hostKey.length === KEY_BYTES && invite.secret.length === SECRET_BYTES, "an invite's keys");
  const writer = new ByteWriter();
  writer.u8(INVITE_VERSION);
  writer.bytes(invite.hostKey);
  writer.bytes(bytesOfHash(invite.sessionId));
  writer.bytes(invite.secret);
  writer.u8(addresses.length);
  for (const address of addresses) {
    const text = utf8Encode(address)!;
    writer.u8(text.length);
    writer.bytes(text);
  }
  writer.bytes(checksumOf(writer.view()));
  return PREFIX + toBase64Url(writer.view());
}

/** The invite that a word holds. Throws `EchoNetError` `INPUT_INVALID`, in words, for any other text. */
export function decodeInvite(text: string): Invite {
  const word = text.trim();
  if (!word.startsWith(PREFIX)) throw damaged(`it does not start with "${PREFIX}"`);
  const bytes = word.length > MAX_INVITE_LENGTH ? undefined : fromBase64Url(word.slice(PREFIX.length));
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES + 1) throw damaged("it is cut short or mistyped");
  if (bytes[0] !== INVITE_VERSION) {
    throw new EchoNetError(
      "INPUT_INVALID",
      "the invite is mistyped, or made by another version of Echo Net: copy the whole word again, or use the host's version",
    );
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (!equalBytes(checksumOf(bytes.subarray(0, end)), bytes.subarray(end))) {
    throw damaged("it is cut short or mistyped");
  }
  const invite = readInvite(new ByteReader(bytes.subarray(1, end)));
  if (invite === undefined) throw damaged("it says what no host would say");
  return invite;
}

function readInvite(reader: ByteReader): Invite | undefined {
  const hostKey = reader.bytes(KEY_BYTES).slice();
  const sessionId = hashOfBytes(reader.bytes(HASH_BYTES));
  const secret = reader.bytes(SECRET_BYTES).slice();
  const count = reader.u8();
  if (count < 1 || count > MAX_INVITE_ADDRESSES) return undefined;
  const addresses: Address[] = [];
  for (let i = 0; i < count; i++) {
    const address = utf8Decode(reader.bytes(reader.u8()));
    if (typeof address !== "string" || !isAddress(address)) return undefined;
    addresses.push(address);
  }
  return reader.finished && isSoundPublicKey(hostKey) ? { addresses, hostKey, sessionId, secret } : undefined;
}

const checksumOf = (bytes: Uint8Array): Uint8Array => domainHash("invite", bytes).subarray(0, CHECKSUM_BYTES);

const damaged = (why: string): EchoNetError =>
  new EchoNetError("INPUT_INVALID", `this is no invite: ${why}; copy the whole word that the host printed`);
