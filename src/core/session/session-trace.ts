import type { Slot } from "../base/brand.js";
import { wordsOf } from "../base/errors.js";
import { toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import type { EventCatalog } from "../envelope/catalog.js";
import type { TickContent } from "../envelope/content.js";
import type { AbandonedBranch } from "../timeline/timeline.js";
import type { Received } from "../wire/transport.js";
import type { LinkStats } from "./link.js";
import type { Output } from "./outputs.js";
import type { TraceSink } from "./records.js";
import type { Logs } from "./simulation.js";
import type { RollbackReport } from "./speculation.js";

/** Most UTF-16 units of logged lines in one trace: past them lines are only counted. */
export const TRACED_LOG_UNITS = 16_777_216;

/** Tells the trace what a session sees and does, a record each. */
export class SessionTrace {
  readonly #sink: TraceSink;
  readonly #catalog: EventCatalog;
  readonly #datagrams: boolean;
  /** By local slot: what was sealed last, since only changes are told. */
  readonly #sealed = new Map<Slot, TickContent>();
  #logUnits = 0;

  constructor(sink: TraceSink, catalog: EventCatalog, datagrams: boolean) {
    this.#sink = sink;
    this.#catalog = catalog;
    this.#datagrams = datagrams;
  }

  update(nowMs: number): void {
    this.#sink.record("update", { nowMs });
  }

  datagram({ from, datagram }: Received, nowMs: number): void {
    if (this.#datagrams) this.#sink.record("datagram", { nowMs, from, bytes: toHex(datagram) });
  }

  arrived(nowMs: number, peer: number, chronos: number): void {
    this.#sink.record("arrival", { nowMs, peer, chronos });
  }

  /** A local tick was sealed; its events are told where they are not the last ones again. */
  sealed(chronos: number, slots: readonly Slot[], contents: readonly TickContent[]): void {
    slots.forEach((slot, index) => {
      const content = contents[index]!;
      if (this.#sealed.get(slot) === content) {
        this.#sink.record("seal", { chronos, slot });
        return;
      }
      this.#sealed.set(slot, content);
      const events = content.events.map((event) => ({
        kind: this.#catalog.kinds[event.kind]!.name,
        payload: this.#catalog.unpack(event, chronos as never) as Value,
      }));
      this.#sink.record("seal", { chronos, slot, events });
    });
  }

  predicted(chronos: number, bySlot: readonly boolean[]): void {
    const slots = bySlot.flatMap((predicted, slot) => (predicted ? [slot] : []));
    if (slots.length > 0) this.#sink.record("prediction", { chronos, slots });
  }

  abandoned(branch: AbandonedBranch, report: RollbackReport): void {
    this.#sink.record("abandoned", {
      branch: branch.branch,
      lca: branch.lca,
      head: branch.head,
      replacedBy: branch.replacedBy,
      resimulatedTicks: report.depthTicks,
    });
  }

  inputDelay(ticks: number | "auto"): void {
    this.#sink.record("input-delay", { ticks });
  }

  /** The state after a tick that two peers computed differently. */
  state(chronos: number, state: Value): void {
    this.#sink.record("state", { chronos, state });
  }

  links(chronos: number, links: readonly LinkStats[], inputDelayTicks: number, clockRate: number): void {
    for (const { peer, roundTripTicks, leadTicks, unackedTicks, datagramsReceived } of links) {
      this.#sink.record("link", {
        chronos,
        peer,
        roundTripTicks,
        leadTicks,
        unackedTicks,
        datagramsReceived,
        inputDelayTicks,
        clockRate,
      });
    }
  }

  /** What the game logged for a tick: of the ticks that became final, and of local input. */
  logged(chronos: number, { lines, lost }: Logs): void {
    let left = lost;
    for (const { where, text } of lines) {
      this.#logUnits += where.length + text.length;
      if (this.#logUnits > TRACED_LOG_UNITS) left++;
      else this.#sink.record("log", { chronos, where, text });
    }
    if (left > 0) this.#sink.record("log", { chronos, lost: left });
  }

  /** What the session also tells its caller; final ticks stand in the journal. */
  output(output: Output): void {
    switch (output.type) {
      case "final":
        return;
      case "effect": {
        const { phase, name, key, data, chronos } = output;
        this.#sink.record("effect", { phase, name, key, data, chronos });
        return;
      }
      case "refused": {
        const { kind, slot, chronos, payload } = output.envelope;
        this.#sink.record("refused", { reason: output.reason, kind, slot, chronos, payload: plain(payload) });
        return;
      }
      case "fault": {
        const { chronos, where, error } = output;
        this.#sink.record("fault", { chronos, where, error: wordsOf(error) });
        return;
      }
      default: {
        const { type, ...fields } = output;
        this.#sink.record(type, fields);
      }
    }
  }
}

/** Hands what a game logs to the trace, and to who else asked for it. */
export const logsTo =
  (trace: SessionTrace | undefined, told: ((chronos: number, logs: Logs) => void) | undefined) =>
  (chronos: number, logs: Logs): void => {
    trace?.logged(chronos, logs);
    told?.(chronos, logs);
  };

/** What a user handed in need not be data at all. */
const plain = (payload: unknown): Value =>
  payload !== null && typeof payload === "object" ? (payload as Value) : wordsOf(payload);
