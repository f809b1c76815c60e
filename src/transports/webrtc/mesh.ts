import { Budget } from "../budget.js";
import type { Finding } from "../findings.js";
import type { RoomConnection, RoomListener } from "../room-connection.js";
import { TELLS_AT_ONCE, TELLS_PER_SECOND } from "../room-limits.js";
import type { Deliver, DirectPaths, Sent } from "../room-transport.js";
import { MAX_ROOM_MEMBERS, type SignalData } from "../signaling.js";
import { findingsOf } from "./diagnosis.js";
import { Path, type PathState } from "./path.js";
import type { PeerConnectionConfiguration, PeerConnectionConstructor } from "./peer-connection.js";

export interface MeshSettings {
  readonly PeerConnection: PeerConnectionConstructor;
  /** Made anew for each path, since engines write into it. */
  readonly configuration: () => PeerConnectionConfiguration;
  readonly timeoutMs: number;
}

/**
 * Direct paths to all other members. Who comes offers to those who were there before, so no two ends ever offer to
 * each other at once. A path that is open outlives the connection to the server.
 */
export class Mesh implements DirectPaths {
  readonly listener: Omit<RoomListener, "datagram">;
  readonly #room: RoomConnection;
  readonly #settings: MeshSettings;
  readonly #deliver: Deliver;
  readonly #paths = new Map<number, Path>();
  /** Of what members are told. The server ends who says more, and others who come and go would make us say it. */
  readonly #tells = new Budget(TELLS_PER_SECOND, TELLS_AT_ONCE, performance.now());

  constructor(room: RoomConnection, settings: MeshSettings, deliver: Deliver) {
    this.#room = room;
    this.#settings = settings;
    this.#deliver = deliver;
    this.listener = {
      entered: (members) => {
        for (const member of members) this.#begin(member, true);
      },
      came: (member) => this.#begin(member, false),
      went: (member) => this.#went(member),
      signal: (from, data) => this.#paths.get(from)?.hear(data),
    };
  }

  /** How each member's path stands. */
  get states(): ReadonlyMap<number, PathState> {
    return new Map(Array.from(this.#paths.values(), ({ member, state }) => [member, state]));
  }

  mayReach(member: number): boolean {
    const state = this.#paths.get(member)?.state;
    return state === "open" || state === "opening";
  }

  send(member: number, datagram: Uint8Array): Sent {
    return this.#paths.get(member)?.send(datagram) ?? "impossible";
  }

  findings(): readonly Finding[] {
    const configuration = this.#settings.configuration();
    // Whoever left the room took the path along.
    const left = (member: number): boolean => this.#room.isUp && !this.#room.has(member);
    return [...this.#paths.values()].flatMap((path) =>
      left(path.member) ? [] : findingsOf(path, configuration),
    );
  }

  close(): void {
    for (const path of this.#paths.values()) path.close();
  }

  #begin(member: number, offers: boolean): void {
    if (this.#paths.has(member)) return;
    if (this.#paths.size >= MAX_ROOM_MEMBERS - 1 && !this.#makeRoom()) return;
    const { PeerConnection, configuration, timeoutMs } = this.#settings;
    const path = new Path(member, offers, {
      makePeerConnection: () => new PeerConnection(configuration()),
      tell: (data) => this.#tell(member, data),
      deliver: (datagram) => this.#deliver(member, datagram),
      timeoutMs,
    });
    this.#paths.set(member, path);
  }

  /** A path whose part goes untold may not open: then its datagrams go by the server. */
  #tell(member: number, data: SignalData): void {
    if (this.#tells.spend(1, performance.now())) this.#room.tell(member, data);
  }

  /** A path that is open stays: whoever lost the server alone still plays. */
  #went(member: number): void {
    const path = this.#paths.get(member);
    if (path === undefined || path.state === "open") return;
    path.close();
    this.#paths.delete(member);
  }

  /** Gives up the oldest path to somebody who is not in the room any more. */
  #makeRoom(): boolean {
    for (const [member, path] of this.#paths) {
      if (this.#room.has(member)) continue;
      path.close();
      return this.#paths.delete(member);
    }
    return false;
  }
}
