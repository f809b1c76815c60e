import { MAX_DATAGRAM_BYTES } from "../../core/wire/limits.js";
import { CHANNEL_BUFFERED_BYTES, ICE_ERRORS_MAX, REMOTE_CANDIDATES_MAX } from "../room-limits.js";
import type { Sent } from "../room-transport.js";
import type { SignalData } from "../signaling.js";
import type { DataChannelLike, PeerConnectionLike, SessionDescription } from "./peer-connection.js";

/** The same at both ends, so that neither waits for the other's to be told. */
const CHANNEL = { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 };

/** What a path needs of its surroundings. */
export interface PathPorts {
  readonly makePeerConnection: () => PeerConnectionLike;
  readonly tell: (data: SignalData) => void;
  readonly deliver: (datagram: Uint8Array) => void;
  readonly timeoutMs: number;
}

/** What a path has seen of itself: what a diagnosis is made of. */
export interface PathEvidence {
  /** Anything that the other end said. */
  heard: boolean;
  /** Kinds of our own candidates: `host`, `srflx`, `prflx`, `relay`. */
  readonly gathered: Set<string>;
  gatheringDone: boolean;
  /** What ICE servers answered that was no address. */
  readonly iceErrors: { readonly url: string; readonly code: number; readonly text: string }[];
  /** It was not open when its time was up. */
  late: boolean;
  /** A description that could not be used, in the engine's words. */
  trouble: string | undefined;
}

/** `failed` never was open, `broken` was; `closed` is over because we or the other end wanted it so. */
export type PathState = "opening" | "open" | "failed" | "broken" | "closed";

/** A data channel to one other member, on its way and while it lasts. It opens once or never. */
export class Path {
  readonly member: number;
  readonly evidence: PathEvidence = {
    heard: false,
    gathered: new Set(),
    gatheringDone: false,
    iceErrors: [],
    late: false,
    trouble: undefined,
  };
  readonly #ports: PathPorts;
  readonly #offers: boolean;
  readonly #timer: ReturnType<typeof setTimeout>;
  #state: PathState = "opening";
  #connection: PeerConnectionLike | undefined;
  #channel: DataChannelLike | undefined;
  #described = false;
  #candidates = 0;
  /** Candidates that came before the description that they belong to. */
  #early: Extract<SignalData, { kind: "candidate" }>[] = [];

  /** `offers`: this end begins; the other end of the same path waits. */
  constructor(member: number, offers: boolean, ports: PathPorts) {
    this.member = member;
    this.#offers = offers;
    this.#ports = ports;
    this.#timer = setTimeout(() => {
      this.evidence.late = true;
      this.#end("failed");
    }, ports.timeoutMs);
    if (offers) this.#attempt(() => this.#offer());
  }

  get state(): PathState {
    return this.#state;
  }

  /** Takes in what the other end said by way of the server. What does not fit is left alone. */
  hear(data: SignalData): void {
    if (this.#state !== "opening") return;
    this.evidence.heard = true;
    if (data.kind === "candidate") {
      if (this.#candidates++ >= REMOTE_CANDIDATES_MAX) return;
      if (this.#described) this.#add(data);
      else this.#early.push(data);
    } else if (data.kind === "offer" && !this.#offers && this.#connection === undefined) {
      this.#attempt(() => this.#answer(data.sdp));
    } else if (data.kind === "answer" && this.#offers && !this.#described) {
      this.#attempt(() => this.#take({ type: "answer", sdp: data.sdp }));
    }
  }

  /** Sends one datagram, unless those before it still wait. */
  send(datagram: Uint8Array): Sent {
    const channel = this.#channel;
    if (this.#state !== "open" || channel === undefined) return "impossible";
    if (channel.bufferedAmount > CHANNEL_BUFFERED_BYTES) return "stale";
    try {
      channel.send(datagram as Uint8Array<ArrayBuffer>);
      return "sent";
    } catch {
      // It closed, and its event has not come yet.
      return "impossible";
    }
  }

  close(): void {
    this.#end("closed");
  }

  async #offer(): Promise<void> {
    const connection = this.#connect();
    this.#use(connection.createDataChannel("echo-net", CHANNEL));
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    this.#tell({ kind: "offer", sdp: offer.sdp ?? "" });
  }

  async #answer(sdp: string): Promise<void> {
    const connection = this.#connect();
    // The engine of Node begins to offer as soon as it has a channel, so that comes second.
    await this.#take({ type: "offer", sdp });
    this.#use(connection.createDataChannel("echo-net", CHANNEL));
    const answer = await connection.createAnswer();
    await connection.setLocalDescription(answer);
    this.#tell({ kind: "answer", sdp: answer.sdp ?? "" });
  }

  async #take(description: SessionDescription): Promise<void> {
    this.#described = true;
    await this.#connection!.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) this.#add(candidate);
  }

  #add({ candidate, mid }: Extract<SignalData, { kind: "candidate" }>): void {
    // One that cannot be used, or names a host that nobody knows here, leaves the others.
    Promise.resolve(this.#connection?.addIceCandidate({ candidate, sdpMid: mid })).catch(() => {});
  }

  #connect(): PeerConnectionLike {
    const connection = this.#ports.makePeerConnection();
    const { evidence } = this;
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      const line: string = candidate?.candidate ?? "";
      if (line === "") return;
      evidence.gathered.add(/ typ ([a-z]+)/.exec(line)?.[1] ?? "unknown");
      this.#tell({ kind: "candidate", candidate: line, mid: candidate.sdpMid ?? "0" });
    };
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === "complete") evidence.gatheringDone = true;
    };
    connection.onicecandidateerror = ({ url, errorCode, errorText }) => {
      if (evidence.iceErrors.length >= ICE_ERRORS_MAX) return;
      evidence.iceErrors.push({ url: String(url), code: Number(errorCode), text: String(errorText) });
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "failed") this.#end(this.#state === "open" ? "broken" : "failed");
    };
    return connection;
  }

  #use(channel: DataChannelLike): void {
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this.#opened();
    channel.onclose = () => this.#end(this.#state === "open" ? "broken" : "failed");
    channel.onerror = () => {};
    channel.onmessage = ({ data }) => {
      if (this.#state === "closed" || !(data instanceof ArrayBuffer)) return;
      if (data.byteLength > 0 && data.byteLength <= MAX_DATAGRAM_BYTES) {
        this.#ports.deliver(new Uint8Array(data));
      }
    };
    if (channel.readyState === "open") this.#opened();
  }

  #opened(): void {
    if (this.#state !== "opening") return;
    this.#state = "open";
    clearTimeout(this.#timer);
  }

  #tell(data: SignalData): void {
    if (this.#state === "opening" || this.#state === "open") this.#ports.tell(data);
  }

  #attempt(step: () => Promise<void>): void {
    step().catch((error: unknown) => {
      this.evidence.trouble = String(error);
      this.#end("failed");
    });
  }

  #end(state: "failed" | "broken" | "closed"): void {
    if (this.#state !== "opening" && this.#state !== "open") return;
    this.#state = state;
    clearTimeout(this.#timer);
    this.#early = [];
    this.#connection?.close();
  }
}
