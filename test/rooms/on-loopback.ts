import type { PeerConnectionConfiguration, PeerConnectionConstructor } from "echo-net/webrtc";
import { platformPeerConnection } from "../../src/transports/webrtc/peer-connection.js";

/** Node's WebRTC, which asks no other network than this machine's own. */
export const OnLoopback: PeerConnectionConstructor = class extends (platformPeerConnection()!) {
  constructor(configuration: PeerConnectionConfiguration) {
    super({ ...configuration, bindAddress: "127.0.0.1" } as PeerConnectionConfiguration);
  }
};
