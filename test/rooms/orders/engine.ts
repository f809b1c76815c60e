import type {
  DataChannelLike,
  PeerConnectionConstructor,
  PeerConnectionLike,
  SessionDescription,
} from "../../../src/transports/webrtc/peer-connection.js";
import type { Lanes } from "./lanes.js";

/** Between whom no pair of addresses works. */
export type IsBlocked = (one: number, other: number) => boolean;

/** An engine of WebRTC whose work takes as long as the lanes let it. */
export class Engine {
  readonly lanes: Lanes;
  readonly isBlocked: IsBlocked;
  readonly made: Connection[] = [];
  /** How often one end's handshake came while the other did not know yet whose it is. */
  refusedCertificates = 0;

  constructor(lanes: Lanes, isBlocked: IsBlocked) {
    this.lanes = lanes;
    this.isBlocked = isBlocked;
  }

  /** The `RTCPeerConnection` of one end. */
  constructorFor(owner: number): PeerConnectionConstructor {
    const engine = this;
    return class extends Connection {
      constructor() {
        super(engine, owner);
      }
    };
  }

  /** Connections that nobody closed. */
  get open(): readonly Connection[] {
    return this.made.filter(({ closed }) => !closed);
  }
}

export class Channel implements DataChannelLike {
  binaryType = "";
  readyState = "connecting";
  readonly bufferedAmount = 0;
  onopen: DataChannelLike["onopen"] = null;
  onmessage: DataChannelLike["onmessage"] = null;
  onclose: DataChannelLike["onclose"] = null;
  onerror: DataChannelLike["onerror"] = null;
  readonly #send: (data: Uint8Array) => void;

  constructor(send: (data: Uint8Array) => void) {
    this.#send = send;
  }

  send(data: Uint8Array): void {
    if (this.readyState !== "open") throw new Error("InvalidStateError");
    this.#send(data.slice());
  }
}

/** One `RTCPeerConnection`. */
export class Connection implements PeerConnectionLike {
  readonly owner: number;
  closed = false;
  connectionState = "new";
  iceGatheringState = "new";
  onicecandidate: PeerConnectionLike["onicecandidate"] = null;
  onicecandidateerror: PeerConnectionLike["onicecandidateerror"] = null;
  onicegatheringstatechange: PeerConnectionLike["onicegatheringstatechange"] = null;
  onconnectionstatechange: PeerConnectionLike["onconnectionstatechange"] = null;
  readonly #engine: Engine;
  readonly #id: number;
  #channel: Channel | undefined;
  #isDescribed = false;
  #other: Connection | undefined;
  /** Whether the other's fingerprint is stored. */
  #taken = false;
  /** How many addresses of the other end are known. */
  #known = 0;
  #connected = false;

  constructor(engine: Engine, owner: number) {
    this.#engine = engine;
    this.owner = owner;
    this.#id = engine.made.push(this) - 1;
  }

  createDataChannel(): Channel {
    this.#requireOpen();
    this.#channel = new Channel((data) => {
      const to = this.#other!;
      this.#lanes.add(`data ${to.#id}`, () => {
        if (to.#channel?.readyState === "open") to.#channel.onmessage?.({ data: data.buffer });
      });
    });
    return this.#channel;
  }

  createOffer(): Promise<SessionDescription> {
    return this.#work(() => ({ type: "offer", sdp: `${this.#id}` }));
  }

  createAnswer(): Promise<SessionDescription> {
    return this.#work(() => ({ type: "answer", sdp: `${this.#id} to ${this.#other!.#id}` }));
  }

  setLocalDescription(): Promise<void> {
    const { dice } = this.#lanes;
    return this.#work(() => {
      this.#isDescribed = true;
      for (let left = dice.whole(1, 3); left > 0; left--) {
        this.#event("gather", () => {
          const candidate = `candidate:${this.#id} 1 UDP 1 10.0.0.1 5 typ host`;
          this.onicecandidate?.({ candidate: { candidate, sdpMid: "0" } });
        });
      }
      this.#event("gather", () => {
        this.iceGatheringState = "complete";
        this.onicegatheringstatechange?.({});
        this.onicecandidate?.({ candidate: null });
      });
    });
  }

  async setRemoteDescription({ type, sdp = "" }: SessionDescription): Promise<void> {
    const [from, to] = sdp.split(" to ").map(Number);
    await this.#work(() => {
      if (this.#other !== undefined) throw new Error("InvalidStateError: described before");
      this.#other = this.#engine.made[from!];
    });
    // Here the engine of Node takes checks already, and compares certificates with a fingerprint that is not there.
    await this.#work(() => {
      if (type === "answer" && to !== this.#id) throw new Error("an answer to another offer");
      this.#taken = true;
      this.#check();
    });
  }

  addIceCandidate({ candidate }: { readonly candidate: string }): Promise<void> {
    return this.#work(() => {
      if (!this.#taken || candidate.split(" ")[0] !== `candidate:${this.#other!.#id}`) {
        throw new Error("OperationError: a candidate of another description");
      }
      this.#known++;
      this.#check();
      this.#other!.#check();
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#ends("closed");
  }

  /** The other end, once its description began to be taken. */
  get other(): number | undefined {
    return this.#other?.owner;
  }

  /** Whether anybody would hear of it. Engines keep some that are closed, with all that listens to them. */
  get hasListeners(): boolean {
    const { onicecandidate, onicecandidateerror, onicegatheringstatechange, onconnectionstatechange } = this;
    const { onopen, onmessage, onclose, onerror } = this.#channel ?? {};
    return [
      ...[onicecandidate, onicecandidateerror, onicegatheringstatechange, onconnectionstatechange],
      ...[onopen, onmessage, onclose, onerror],
    ].some((listener) => typeof listener === "function");
  }

  /** Nothing comes for a while. */
  isCut(): void {
    this.#becomes("disconnected");
    this.#event("state", () => this.#becomes("connected"));
  }

  /** It comes to its end by itself. */
  fails(): void {
    if (!this.closed && this.connectionState !== "failed") this.#ends("failed");
  }

  get #lanes(): Lanes {
    return this.#engine.lanes;
  }

  #requireOpen(): void {
    if (this.closed) throw new Error("InvalidStateError: closed");
  }

  #work<Value>(work: () => Value): Promise<Value> {
    return this.#lanes.promise(`work ${this.#id}`, () => {
      this.#requireOpen();
      return work();
    });
  }

  /** Engines may still tell of what they had begun when they were closed. */
  #event(kind: string, tell: () => void): void {
    this.#lanes.add(`${kind} ${this.#id}`, tell);
  }

  #becomes(state: string): void {
    if (this.closed || this.connectionState === "failed") return;
    this.connectionState = state;
    this.onconnectionstatechange?.({});
  }

  #ends(state: "closed" | "failed"): void {
    this.connectionState = state;
    // The other end is told, or finds out.
    if (this.#connected) this.#other!.#event("state", () => this.#other!.fails());
    this.#connected = false;
    const channel = this.#channel;
    if (channel !== undefined) channel.readyState = "closed";
    this.#event("state", () => this.onconnectionstatechange?.({}));
    this.#event("state", () => channel?.onclose?.({}));
  }

  /** Tries to connect, as far as both ends are ready: one that knows an address of the other is enough. */
  #check(): void {
    const other = this.#other;
    if (other === undefined || this.closed || other.closed || this.#connected) return;
    if (!this.#taken || !this.#isDescribed || this.#known === 0) return;
    if (this.#engine.isBlocked(this.owner, other.owner) || other.#other === undefined) return;
    if (!other.#taken) {
      this.#engine.refusedCertificates++;
      other.fails();
      return;
    }
    if (other.#other !== this || !other.#isDescribed) return;
    for (const end of [this, other]) {
      end.#connected = true;
      end.#event("state", () => end.#becomes("connected"));
      end.#event("data", () => {
        if (end.closed || end.#channel === undefined || end.connectionState === "failed") return;
        end.#channel.readyState = "open";
        end.#channel.onopen?.({});
      });
    }
  }
}
