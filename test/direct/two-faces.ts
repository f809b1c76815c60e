import { asSlot, chronosTick } from "../../src/core/base/brand.js";
import { domainHash } from "../../src/core/base/hash.js";
import { utf8Encode } from "../../src/core/base/text.js";
import { SealedChannel } from "../../src/core/guard/channel.js";
import { type Manifest, matchIdentityOf, type RosterPeer } from "../../src/core/guard/identity.js";
import type { MatchStart } from "../../src/core/guard/lobby.js";
import { JournalWriter } from "../../src/core/journal/writer.js";
import type { Output } from "../../src/core/session/outputs.js";
import { Session } from "../../src/core/session/session.js";
import type { Game } from "../../src/core/session/simulation.js";
import type { Received, Transport } from "../../src/core/wire/transport.js";
import { manifestOf } from "../../src/match/opening.js";
import { bestCryptoEngine } from "../../src/platform/crypto.js";
import { TestSimulation } from "../../src/testing/test-simulation.js";

/** What a session of the match is fed, and which peers hear it. */
export interface Face {
  readonly peer: number;
  readonly input: (slot: number, chronos: number) => unknown;
  /** Peers that its datagrams reach; all where left out. */
  readonly heardBy?: readonly number[];
}

/** What a match is like where it is not one slot a peer and the ordinary manifest. */
export interface FacesTerms {
  /** By peer: the slots that it plays. */
  readonly slots?: readonly (readonly number[])[];
  readonly manifest?: Partial<Manifest>;
  readonly inputDelayTicks?: number | "auto";
}

/** One session with what it told and journaled. */
export interface FacePlayed {
  readonly peer: number;
  /** By peer: what it seals its datagrams with. */
  readonly channels: readonly (SealedChannel | undefined)[];
  readonly session: Session;
  readonly outputs: Output[];
  readonly journal: string[];
}

const secretOf = (text: string): Uint8Array => domainHash("two faces", utf8Encode(text)!);

/**
 * A match without a handshake in which one peer may be played by several sessions that tell different peers
 * different things: each hears everything, each is heard by its own.
 */
export class FacesMatch {
  readonly faces: readonly FacePlayed[];
  /** Told each datagram that a face sends, with the peer that it is for. */
  onSend: (face: number, peer: number, datagram: Uint8Array) => void = () => {};
  readonly #waiting: Received[][];
  #nowMs = 0;

  constructor(game: Game, peers: number, faces: readonly Face[], ticks: number, terms: FacesTerms = {}) {
    const crypto = bestCryptoEngine();
    const roster = Array.from({ length: peers }, (_, peer): RosterPeer => {
      const key = crypto.publicKeyOf(secretOf(`key ${peer}`));
      const slots = terms.slots?.[peer] ?? [peer];
      return { key, slots: slots.map(asSlot), rights: ["network:emit"] };
    });
    const players = roster.reduce((sum, { slots }) => sum + slots.length, 0);
    const manifest = { ...manifestOf(game, { players, ticks }), ...terms.manifest };
    const nonce = secretOf("nonce").subarray(0, 16);
    const identity = matchIdentityOf(manifest, roster[0]!.key, nonce, roster);
    this.#waiting = faces.map(() => []);
    this.faces = faces.map((face, index) => {
      const channels = roster.map((_, peer) => channelOf(face.peer, peer));
      const start: MatchStart = {
        identity,
        localPeer: face.peer,
        peers: channels.map((channel, peer) => ({ address: `faces:${peer}`, channel })),
      };
      const journal: string[] = [];
      const session = new Session({
        game,
        start,
        crypto,
        secretKey: secretOf(`key ${face.peer}`),
        transport: this.#transportOf(faces, index),
        inputDelayTicks: terms.inputDelayTicks ?? 0,
        journal: new JournalWriter({ line: (line) => journal.push(line) }, identity, game),
        simulation: new TestSimulation(game.createSimulation(), {
          input: (slot, chronos) => face.input(slot, chronosTick(chronos)),
        }),
      });
      return { peer: face.peer, channels, session, outputs: [], journal };
    });
  }

  #transportOf(faces: readonly Face[], index: number): Transport {
    const { peer, heardBy } = faces[index]!;
    return {
      mtu: 1200,
      secure: false,
      addresses: [`faces:${peer}`],
      send: (to, datagram) => {
        const target = Number(to.slice("faces:".length));
        this.onSend(index, target, datagram);
        if (heardBy !== undefined && !heardBy.includes(target)) return;
        faces.forEach((face, i) => {
          if (face.peer === target)
            this.#waiting[i]!.push({ from: `faces:${peer}`, datagram: datagram.slice() });
        });
      },
      receive: () => this.#waiting[index]!.splice(0),
      close: () => {},
    };
  }

  /** Hands a datagram to a face as if `from` had sent it. */
  inject(from: number, face: number, datagram: Uint8Array): void {
    this.#waiting[face]!.push({ from: `faces:${from}`, datagram: datagram.slice() });
  }

  /** Runs frames until every session is done, or so many have run. */
  run(frames: number): void {
    for (let frame = 0; frame < frames && !this.faces.every(({ session }) => session.done); frame++) {
      this.#nowMs += 1000 / 60;
      for (const { session, outputs } of this.faces) {
        for (const output of session.update(this.#nowMs)) if (output.type !== "final") outputs.push(output);
      }
    }
  }
}

function channelOf(local: number, peer: number): SealedChannel | undefined {
  if (local === peer) return undefined;
  return new SealedChannel({
    send: secretOf(`${local} to ${peer}`),
    receive: secretOf(`${peer} to ${local}`),
  });
}
