import { nodePackage } from "../node-package.js";

/** A STUN or TURN server, as `RTCPeerConnection` takes it. */
export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string | undefined;
  readonly credential?: string | undefined;
}

export interface PeerConnectionConfiguration {
  iceServers: { urls: string[]; username?: string; credential?: string }[];
  iceTransportPolicy: "all" | "relay";
}

export interface SessionDescription {
  readonly type: string;
  readonly sdp?: string;
}

/** What is used of an `RTCDataChannel`. */
export interface DataChannelLike {
  binaryType: string;
  readonly readyState: string;
  readonly bufferedAmount: number;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
}

/** What is used of an `RTCPeerConnection`: a browser's, or that of `node-datachannel/polyfill`. */
export interface PeerConnectionLike {
  readonly connectionState: string;
  readonly iceGatheringState: string;
  onicecandidate: ((event: any) => void) | null;
  onicecandidateerror: ((event: any) => void) | null;
  onicegatheringstatechange: ((event: any) => void) | null;
  onconnectionstatechange: ((event: any) => void) | null;
  createDataChannel(label: string, options: object): DataChannelLike;
  createOffer(): PromiseLike<SessionDescription>;
  createAnswer(): PromiseLike<SessionDescription>;
  setLocalDescription(description: any): PromiseLike<void>;
  setRemoteDescription(description: any): PromiseLike<void>;
  addIceCandidate(candidate: any): PromiseLike<void>;
  close(): void;
}

export type PeerConnectionConstructor = new (
  configuration: PeerConnectionConfiguration,
) => PeerConnectionLike;

/** The browser's own, or that of the package `node-datachannel` where it is installed. */
export function platformPeerConnection(): PeerConnectionConstructor | undefined {
  const { RTCPeerConnection } = globalThis as { RTCPeerConnection?: PeerConnectionConstructor };
  if (RTCPeerConnection !== undefined) return RTCPeerConnection;
  const polyfill = nodePackage("node-datachannel/polyfill") as
    | { readonly RTCPeerConnection?: PeerConnectionConstructor }
    | undefined;
  return polyfill?.RTCPeerConnection && withSpelledCredentials(polyfill.RTCPeerConnection);
}

/** That engine writes credentials into the server's URL as they are, and reads them out of it again. */
function withSpelledCredentials(Polyfill: PeerConnectionConstructor): PeerConnectionConstructor {
  return class extends Polyfill {
    constructor(configuration: PeerConnectionConfiguration) {
      const iceServers = configuration.iceServers.map(({ urls, username, credential }) => ({
        urls,
        ...(username === undefined ? {} : { username: encodeURIComponent(username) }),
        ...(credential === undefined ? {} : { credential: encodeURIComponent(credential) }),
      }));
      super({ ...configuration, iceServers });
    }
  };
}
