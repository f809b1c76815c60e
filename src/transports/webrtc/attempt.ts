import { MAX_DATAGRAM_BYTES } from "../../core/wire/limits.js";
import { CHANNEL_BUFFERED_BYTES, ICE_ERRORS_MAX, PATH_QUIET_MS } from "../room-limits.js";
import type { Sent } from "../room-transport.js";
import type { SignalData } from "../signaling.js";
import type { DataChannelLike, PeerConnectionLike, SessionDescription } from "./peer-connection.js";

/** The same at both ends, so that neither waits for the other's to be told. */
const CHANNEL = { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 };

type Candidate = Extract<SignalData, { kind: "candidate" }>;

/** What a path has seen of itself: what a diagnosis is made of. */
export interface PathEvidence {
  /** Anything that the other end said. */
  heard: boolean;
  /** Kinds of our own candidates: `host`, `srflx`, `prflx`, `relay`. */
  readonly gathered: Set<string>;
  /** Not before there is a description of ours: who waits for an offer looks for no address. */
  gatheringBegun: boolean;
  gatheringDone: boolean;
  /** What ICE servers answered that was no address. */
  readonly iceErrors: { readonly url: string; readonly code: number; readonly text: string }[];
  /** It was not open when its time was up. */
  late: boolean;
  /** A description that could not be used, in the engine's words. */
  trouble: string | undefined;
}

export interface AttemptPorts {
  readonly makePeerConnection: () => PeerConnectionLike;
  readonly tell: (data: SignalData) => void;
  readonly deliver: (datagram: Uint8Array) => void;
  readonly evidence: PathEvidence;
  readonly opened: () => void;
  /** It came to nothing, or to its end. Told once, and not after `close`. */
  readonly ended: () => void;
}

/** One peer connection with its data channel, from the first description to the end. */
export class Attempt {
  readonly #ports: AttemptPorts;
  readonly #connection: PeerConnectionLike;
  #channel: DataChannelLike | undefined;
  #over = false;
  /** The engine hears nothing of the other end at present; it may again. */
  #isCut = false;
  /** When the channel last brought anything. Engines take up to 15 s to find that a way is cut. */
  #heardMs = Number.POSITIVE_INFINITY;
  #isDescribed = false;
  /** The other's candidates that came before the description that they belong to. */
  #early: Candidate[] = [];
  /** Our own, while the other end may not use them yet; undefined once it may. */
  #held: Candidate[] | undefined = [];

  /** Throws what the engine does for a configuration that it cannot use. */
  constructor(ports: AttemptPorts) {
    this.#ports = ports;
    this.#connection = ports.makePeerConnection();
    this.#watch(this.#connection, ports.evidence);
  }

  /** Whether the other end's description was taken. */
  get isDescribed(): boolean {
    return this.#isDescribed;
  }

  offer(): void {
    this.#step(async () => {
      this.#use(this.#connection.createDataChannel("echo-net", CHANNEL));
      const { sdp = "" } = await this.#describe(await this.#connection.createOffer());
      this.#tell({ kind: "offer", sdp });
    });
  }

  answer(sdp: string): void {
    this.#step(async () => {
      // The engine of Node begins to offer as soon as it has a channel, so that comes second.
      await this.#take({ type: "offer", sdp });
      this.#use(this.#connection.createDataChannel("echo-net", CHANNEL));
      const answer = await this.#describe(await this.#connection.createAnswer());
      this.#tell({ kind: "answer", sdp: answer.sdp ?? "" });
      this.#tellCandidates();
    });
  }

  /** Takes the answer to our offer. */
  accept(sdp: string): void {
    this.#step(async () => {
      await this.#take({ type: "answer", sdp });
      this.#tellCandidates();
    });
  }

  add(candidate: Candidate): void {
    if (!this.#isDescribed) this.#early.push(candidate);
    else {
      // One that cannot be used, or names a host that nobody knows here, leaves the others.
      const { candidate: line, mid } = candidate;
      Promise.resolve(this.#connection.addIceCandidate({ candidate: line, sdpMid: mid })).catch(() => {});
    }
  }

  /** Sends one datagram, unless those before it still wait, or it would go nowhere; `unsure` where it may. */
  send(datagram: Uint8Array): Sent {
    const channel = this.#channel;
    if (this.#over || this.#isCut || channel === undefined) return "impossible";
    const isQuiet = performance.now() - this.#heardMs > PATH_QUIET_MS;
    if (channel.bufferedAmount > CHANNEL_BUFFERED_BYTES) return isQuiet ? "impossible" : "stale";
    try {
      channel.send(datagram as Uint8Array<ArrayBuffer>);
      return isQuiet ? "unsure" : "sent";
    } catch {
      // It closed, and its event has not come yet.
      return "impossible";
    }
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#early = [];
    this.#ignore();
    this.#connection.close();
  }

  #watch(connection: PeerConnectionLike, evidence: PathEvidence): void {
    connection.onicecandidate = ({ candidate }) => {
      const line: string = candidate?.candidate ?? "";
      if (line === "") return;
      evidence.gathered.add(/ typ ([a-z]+)/.exec(line)?.[1] ?? "unknown");
      const told: Candidate = { kind: "candidate", candidate: line, mid: candidate.sdpMid ?? "0" };
      if (this.#held === undefined) this.#tell(told);
      else this.#held.push(told);
    };
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === "complete") evidence.gatheringDone = true;
    };
    connection.onicecandidateerror = ({ url, errorCode, errorText }) => {
      if (evidence.iceErrors.length >= ICE_ERRORS_MAX) return;
      evidence.iceErrors.push({ url: String(url), code: Number(errorCode), text: String(errorText) });
    };
    connection.onconnectionstatechange = () => {
      const state = connection.connectionState;
      this.#isCut = state === "disconnected";
      if (/^(failed|closed)$/.test(state)) this.#end();
    };
  }

  #use(channel: DataChannelLike): void {
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    channel.onopen = () => this.#opened();
    channel.onclose = () => this.#end();
    channel.onerror = () => {};
    channel.onmessage = ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      this.#heardMs = performance.now();
      if (data.byteLength > 0 && data.byteLength <= MAX_DATAGRAM_BYTES) {
        this.#ports.deliver(new Uint8Array(data));
      }
    };
    if (channel.readyState === "open") this.#opened();
  }

  /** Chromium keeps a connection that is closed between its descriptions and its state's first change, and its listeners. */
  #ignore(): void {
    const connection = this.#connection;
    connection.onicecandidate = null;
    connection.onicegatheringstatechange = null;
    connection.onicecandidateerror = null;
    connection.onconnectionstatechange = null;
    const channel = this.#channel;
    if (channel === undefined) return;
    channel.onopen = null;
    channel.onclose = null;
    channel.onerror = null;
    channel.onmessage = null;
  }

  #opened(): void {
    if (!this.#over) this.#ports.opened();
  }

  async #describe(description: SessionDescription): Promise<SessionDescription> {
    this.#ports.evidence.gatheringBegun = true;
    await this.#connection.setLocalDescription(description);
    return description;
  }

  async #take(description: SessionDescription): Promise<void> {
    await this.#connection.setRemoteDescription(description);
    this.#isDescribed = true;
    for (const candidate of this.#early.splice(0)) this.add(candidate);
  }

  #tell(data: SignalData): void {
    if (!this.#over) this.#ports.tell(data);
  }

  /**
   * Lets the other end begin its checks. Not before we took its description: Node's engine refuses a certificate that
   * comes while it still takes in the fingerprint to compare it with (libdatachannel 0.24, setRemoteDescription).
   */
  #tellCandidates(): void {
    for (const candidate of this.#held ?? []) this.#tell(candidate);
    this.#held = undefined;
  }

  #step(step: () => Promise<void>): void {
    step().catch((error: unknown) => {
      if (!this.#over) this.#ports.evidence.trouble = String(error);
      this.#end();
    });
  }

  #end(): void {
    if (this.#over) return;
    this.close();
    this.#ports.ended();
  }
}
