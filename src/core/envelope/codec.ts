/** Canonical CBOR, in the strict profile of RFC 8949 §4.2.1 that every hash of Echo Net stands on. */
export { CodecError, type CodecRefusal, decode } from "./decode.js";
export { EncodeError, encode, encodeInto } from "./encode.js";
