import { admissionRulesOf } from "../../src/core/admit/admission.js";
import { asSlot, type ChronosTick, chronosTick, type Hash, type Slot } from "../../src/core/base/brand.js";
import { domainHash } from "../../src/core/base/hash.js";
import { hashOfBytes, utf8Encode } from "../../src/core/base/text.js";
import type { Value } from "../../src/core/base/value.js";
import { arrangeTick, eventHashesOf, tickRulesOf } from "../../src/core/bridge/order.js";
import { EventCatalog } from "../../src/core/envelope/catalog.js";
import { TickContent } from "../../src/core/envelope/content.js";
import { event, t } from "../../src/core/envelope/declare.js";
import type { EmitRequest, EventEnvelope } from "../../src/core/envelope/event-envelope.js";
import { hashesState, nodeId } from "../../src/core/envelope/node-id.js";
import { nobleEngine } from "../../src/core/envelope/signature.js";
import { type Manifest, type MatchIdentity, matchIdentityOf } from "../../src/core/guard/identity.js";
import { LineChain } from "../../src/core/journal/chain.js";
import type { Journal } from "../../src/core/journal/journal.js";
import { readJournal } from "../../src/core/journal/reader.js";
import { type ReplayOptions, type ReplayResult, replayJournal } from "../../src/core/journal/replay.js";
import { JournalWriter } from "../../src/core/journal/writer.js";
import type { Game, MatchSeed, Simulation, Snapshot } from "../../src/core/session/simulation.js";

/** Three kinds: a sample, one that two slots may want at once, and one with a field of every odd type. */
export const tinyCatalog: EventCatalog = EventCatalog.compile({
  move: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
  take: event(
    { item: t.u8 },
    { reads: (_, p) => [`item/${p.item}`], writes: (_, p) => [`item/${p.item}`], aionWeight: 1 },
  ),
  odd: event({
    at: t.tick,
    big: t.i64,
    bigs: t.list(t.i64, 4),
    float: t.f64,
    note: t.text(64),
    perhaps: t.optional(t.bytes(16)),
  }),
});

/** A game written by hand on the bare interface: its state is three numbers a slot. */
export class TinySimulation implements Simulation {
  readonly fingerprint: Hash = tinyFingerprint;
  readonly catalog: EventCatalog = tinyCatalog;
  readonly effects: Simulation["effects"] = [];
  readonly faults: Simulation["faults"] = [];
  readonly derivedCount = 0;
  #state = new DataView(new ArrayBuffer(0));
  readonly #growth: number;

  /** Two simulations of another `growth` drift apart. */
  constructor(growth: number) {
    this.#growth = growth;
  }

  begin(match: MatchSeed): void {
    this.#state = new DataView(new ArrayBuffer(match.slots.length * 12));
    for (const slot of match.slots) this.#add(slot, 2, match.seed[slot]!);
  }

  #add(slot: Slot, field: number, amount: number): void {
    const at = slot * 12 + field * 4;
    this.#state.setInt32(at, (this.#state.getInt32(at) + amount) | 0);
  }

  step(tick: ChronosTick, events: readonly EventEnvelope[]): void {
    for (const { kind, payload, slot } of events) {
      if (kind === "move") {
        this.#add(slot, 0, payload.x);
        this.#add(slot, 1, payload.y);
      } else {
        this.#add(
          slot,
          2,
          kind === "take" ? payload.item : payload.note.length + Number(payload.big % 1000n),
        );
      }
      // A handler may do what it likes with its payload; the journal holds what was sent.
      payload.x = 99;
    }
    if (tick % 5 === 0) this.#add(asSlot(0), 2, this.#growth);
  }

  saveInto(snapshot: Snapshot): void {
    const length = this.#state.byteLength;
    snapshot.resize(length).set(new Uint8Array(this.#state.buffer));
  }

  restore(snapshot: Snapshot): void {
    this.#state = new DataView(snapshot.view().slice().buffer);
  }

  hash(snapshot?: Snapshot): Hash {
    return hashOfBytes(domainHash("tiny-state", snapshot?.view() ?? new Uint8Array(this.#state.buffer)));
  }

  collectInput(): readonly EmitRequest[] {
    return [];
  }

  inspect(): Value {
    return new Uint8Array(this.#state.buffer.slice(0));
  }

  viewOf(snapshot: Snapshot): unknown {
    return snapshot.view().slice();
  }

  corrupt(): void {
    this.#add(asSlot(0), 0, 1);
  }
}

const tinyFingerprint = hashOfBytes(domainHash("tiny-game", utf8Encode("tiny 1")!));

/** The game, or one of the same name and fingerprint whose code has `growth` in place of 1. */
export const tinyGame = (growth = 1): Game => ({
  name: "tiny",
  version: "1",
  tickHz: 60,
  fingerprint: tinyFingerprint,
  catalog: tinyCatalog,
  createSimulation: () => new TinySimulation(growth),
});

const key = (fill: number): Uint8Array => nobleEngine.publicKeyOf(new Uint8Array(32).fill(fill));

/** Two players, the second without the right to emit where `mute`. */
export function tinyIdentity(manifest: Partial<Manifest> = {}, mute = false): MatchIdentity {
  const whole: Manifest = {
    protocol: 1,
    game: { name: "tiny", version: "1", fingerprint: tinyFingerprint },
    tickHz: 60,
    mode: "rollback",
    windowTicks: 8,
    rewindTicks: 0,
    late: "retro",
    hashEveryTicks: 1,
    limits: { eventsPerTick: 3, bytesPerTick: 256 },
    players: 2,
    ticks: null,
    ...manifest,
  };
  return matchIdentityOf(whole, key(1), new Uint8Array(16).fill(7), [
    { key: key(1), slots: [asSlot(0)], rights: ["network:emit"] },
    { key: key(2), slots: [asSlot(1)], rights: mute ? [] : ["network:emit"] },
  ]);
}

/** What each slot emits in a tick. */
export type Script = (tick: number, slot: Slot) => readonly EmitRequest[];

export interface Played {
  readonly lines: string[];
  readonly bytes: Uint8Array;
}

/** Plays the match as a session does, tick by tick, and returns its journal. */
export function play(
  identity: MatchIdentity,
  ticks: number,
  script: Script,
  ends = true,
  growth = 1,
): Played {
  const lines: string[] = [];
  const writer = new JournalWriter({ line: (text) => lines.push(text) }, identity, { catalog: tinyCatalog });
  const rules = tickRulesOf(tinyCatalog, identity.kairos, admissionRulesOf(identity));
  const simulation = new TinySimulation(growth);
  const slots = [asSlot(0), asSlot(1)];
  simulation.begin({ kairos: identity.kairos, seed: identity.seed, slots });
  let node: Uint8Array | undefined;
  for (let n = 0; n <= ticks; n++) {
    const chronos = chronosTick(n);
    const contents = slots.map((slot) => {
      const requests = n === 0 ? [] : script(n, slot);
      return TickContent.of(requests.map(({ kind, payload }) => tinyCatalog.pack(kind, payload, chronos)));
    });
    const { entered, refused } = arrangeTick(rules, chronos, contents);
    if (n > 0) simulation.step(chronos, entered);
    const stateHash = hashesState(n, identity.manifest.hashEveryTicks) ? simulation.hash() : undefined;
    node = nodeId(node, n, eventHashesOf(rules, chronos, contents), stateHash);
    writer.tick({ chronos, events: entered, refusals: refused, node: hashOfBytes(node), stateHash });
  }
  if (ends) writer.end();
  return { lines, bytes: fileOf(lines) };
}

/** Sixty lines of journal in 17 ticks, with an event refused as `paradox` and one as `quota`. */
export const sixtyLinesIdentity: MatchIdentity = tinyIdentity({
  ticks: 17,
  limits: { eventsPerTick: 2, bytesPerTick: 256 },
});
export const sixtyLines: Script = (tick, slot) => {
  const requests: EmitRequest[] = [{ kind: "move", payload: { x: (tick % 7) - 3, y: slot } }];
  if (tick === 3) requests.push({ kind: "take", payload: { item: 5 } });
  if (tick === 6 && slot === 1) {
    requests.push({
      kind: "odd",
      payload: { big: -(2n ** 63n), bigs: [1n, 2n ** 60n], float: -0, note: 'é\n"$' },
    });
  }
  if (tick === 9 && slot === 0) {
    requests.push({
      kind: "odd",
      payload: { at: 4, big: 12n, bigs: [], float: Number.NaN, note: "", perhaps: new Uint8Array([0, 255]) },
    });
  }
  if (tick === 12 && slot === 0)
    for (let i = 0; i < 2; i++) requests.push({ kind: "take", payload: { item: i } });
  return requests;
};

export const fileOf = (lines: readonly string[]): Uint8Array =>
  utf8Encode(lines.map((line) => `${line}\n`).join(""))!;

/** The lines with some of them taken out, and others put there. */
export const spliced = (
  lines: readonly string[],
  at: number,
  taken: number,
  ...put: readonly string[]
): string[] => [...lines.slice(0, at), ...put, ...lines.slice(at + taken)];

/** What a forger makes of changed lines: every chain computed anew. */
export function rechained(lines: readonly string[]): Uint8Array {
  const chain = new LineChain();
  return fileOf(
    lines.map((line) => {
      const head = /^(.*"chain":")[0-9a-f]{64}"}$/.exec(line)?.[1];
      return head === undefined ? chain.plain(line) : chain.sealed(head);
    }),
  );
}

/** Verifies a file and replays it with the tiny game. Throws where it does not verify. */
export function replayed(file: Uint8Array, game: Game = tinyGame(), options?: ReplayOptions): ReplayResult {
  const result = replayJournal(journalOf(file), game, options);
  if (result.type !== "replayed") throw new Error(result.hint);
  return result;
}

export function journalOf(file: Uint8Array): Journal {
  const reading = readJournal(file);
  if (!reading.ok) throw new Error(`line ${reading.refusal.line}: ${reading.refusal.what}`);
  return reading.journal;
}

/** Why a file is refused: `line 3: …`. */
export function refusalOf(file: Uint8Array): string {
  const reading = readJournal(file);
  if (reading.ok) throw new Error("the journal was accepted");
  return `line ${reading.refusal.line}: ${reading.refusal.what}`;
}

/** The match whose journal `docs/journal.md` shows, to the byte. */
export const documented: Script = (tick, slot) => {
  const requests: EmitRequest[] = [{ kind: "move", payload: { x: slot === 0 ? 1 : -1, y: 0 } }];
  if (tick === 1) requests.push({ kind: "take", payload: { item: 3 } });
  if (tick === 2 && slot === 1) {
    const perhaps = new Uint8Array([0xca, 0xfe]);
    requests.push({ kind: "odd", payload: { big: -(2n ** 62n), bigs: [1n], float: -0, note: "é", perhaps } });
  }
  return requests;
};
