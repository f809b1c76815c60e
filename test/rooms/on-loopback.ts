import type { PeerConnectionConstructor } from "echo-net/webrtc";
import { RTCPeerConnection } from "node-datachannel/polyfill";

/** Node's WebRTC, which asks no other network than this machine's own. */
export const OnLoopback = class extends RTCPeerConnection {
  constructor(configuration: object) {
    super({ ...configuration, bindAddress: "127.0.0.1" } as ConstructorParameters<
      typeof RTCPeerConnection
    >[0]);
  }
} as unknown as PeerConnectionConstructor;
