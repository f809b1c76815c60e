import { PATH_ATTEMPTS, REMOTE_CANDIDATES_MAX } from "../room-limits.js";
import type { Sent } from "../room-transport.js";
import type { SignalData } from "../signaling.js";
import { Attempt, type AttemptPorts, type PathEvidence } from "./attempt.js";

/** What a path needs of its surroundings. */
export interface PathPorts extends Pick<AttemptPorts, "makePeerConnection" | "tell" | "deliver"> {
  readonly timeoutMs: number;
}

/** `failed` never was open, `broken` was; `closed` is over because we or the other end wanted it so. */
export type PathState = "opening" | "open" | "failed" | "broken" | "closed";

/**
 * A direct way to one other member, as long as it lasts. It opens once or never; what fails at once, for a reason of
 * the engines' own, is tried again.
 */
export class Path {
  readonly member: number;
  readonly evidence: PathEvidence = {
    heard: false,
    gathered: new Set(),
    gatheringBegun: false,
    gatheringDone: false,
    iceErrors: [],
    late: false,
    trouble: undefined,
  };
  readonly #ports: PathPorts;
  readonly #offers: boolean;
  readonly #timer: ReturnType<typeof setTimeout>;
  #state: PathState = "opening";
  #attempt: Attempt | undefined;
  #attempts = 0;
  #candidates = 0;

  /** `offers`: this end begins; the other end of the same path waits. */
  constructor(member: number, offers: boolean, ports: PathPorts) {
    this.member = member;
    this.#offers = offers;
    this.#ports = ports;
    this.#timer = setTimeout(() => {
      this.evidence.late = true;
      this.#end("failed");
    }, ports.timeoutMs);
    if (offers) this.#try()?.offer();
  }

  get state(): PathState {
    return this.#state;
  }

  /** Takes in what the other end said by way of the server. What does not fit is left alone. */
  hear(data: SignalData): void {
    if (this.#state !== "opening") return;
    this.evidence.heard = true;
    if (data.kind === "candidate") {
      if (this.#candidates++ < REMOTE_CANDIDATES_MAX) this.#attempt?.add(data);
    } else if (data.kind === "offer" && !this.#offers) {
      // The other end's attempt came to nothing, whatever ours looks like.
      this.#attempt?.close();
      this.#try()?.answer(data.sdp);
    } else if (data.kind === "answer" && this.#offers && this.#attempt?.isDescribed === false) {
      this.#attempt.accept(data.sdp);
    }
  }

  /** Sends one datagram, unless those before it still wait. */
  send(datagram: Uint8Array): Sent {
    return this.#state === "open" ? this.#attempt!.send(datagram) : "impossible";
  }

  close(): void {
    this.#end("closed");
  }

  /** One more attempt; undefined where there were enough, or the engine does not begin any. */
  #try(): Attempt | undefined {
    if (this.#attempts++ >= PATH_ATTEMPTS) return undefined;
    const { makePeerConnection, tell, deliver } = this.#ports;
    try {
      const attempt: Attempt = new Attempt({
        makePeerConnection,
        tell,
        deliver,
        evidence: this.evidence,
        opened: () => this.#opened(),
        ended: () => this.#ended(),
      });
      this.#attempt = attempt;
      return attempt;
    } catch (error) {
      this.evidence.trouble = String(error);
      this.#end("failed");
      return undefined;
    }
  }

  #opened(): void {
    if (this.#state !== "opening") return;
    this.#state = "open";
    clearTimeout(this.#timer);
  }

  #ended(): void {
    if (this.#state === "open") this.#end("broken");
    else if (this.#attempts >= PATH_ATTEMPTS) this.#end("failed");
    else if (this.#offers) this.#try()?.offer();
  }

  #end(state: "failed" | "broken" | "closed"): void {
    if (this.#state !== "opening" && this.#state !== "open") return;
    this.#state = state;
    clearTimeout(this.#timer);
    this.#attempt?.close();
  }
}
