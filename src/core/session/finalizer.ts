import type { ChronosTick } from "../base/brand.js";
import type { Confirmation } from "./confirmation.js";
import type { EffectTracker } from "./effects.js";
import type { End, LastTick } from "./ending.js";
import type { FinalHistory } from "./final-history.js";
import type { Output } from "./outputs.js";
import type { Recorder } from "./recorder.js";
import type { Replicator } from "./replicator.js";
import type { SessionTrace } from "./session-trace.js";
import { type Logs, NO_LOGS, type Simulation } from "./simulation.js";
import type { Speculation } from "./speculation.js";
import type { Traffic } from "./traffic.js";

/** Memory for snapshots of final ticks that wait for confirmation, in bytes, and how many there are at most. */
export const UNCONFIRMED_SNAPSHOT_BYTES: number = 32 * 1024 * 1024;
const UNCONFIRMED_SNAPSHOTS = 128;

export interface FinalizerParts {
  readonly simulation: Simulation;
  readonly speculation: Speculation;
  readonly replicator: Replicator;
  readonly history: FinalHistory;
  readonly confirmation: Confirmation;
  readonly recorder: Recorder;
  readonly effects: EffectTracker;
  readonly traffic: Traffic;
  readonly lastTick: LastTick;
  readonly trace: SessionTrace | undefined;
  readonly emit: (output: Output) => void;
  readonly logged: (chronos: number, logs: Logs) => void;
}

/** Makes final what can no longer change: tells what came of it, journals it once others have confirmed it. */
export class Finalizer {
  readonly #parts: FinalizerParts;

  constructor(parts: FinalizerParts) {
    this.#parts = parts;
  }

  /** Tick 0 is final at once: nobody can send anything for it. */
  begin(): void {
    const { simulation, speculation, history, recorder, logged } = this.#parts;
    const genesis = speculation.timeline.head.body;
    history.add(
      () => genesis.used[0]!,
      () => simulation.hash(genesis.snapshot),
    );
    logged(0, simulation.logs ?? NO_LOGS);
    recorder.write(0);
  }

  /** Takes in what has come to be known by all, and what others have said of it. */
  update(): void {
    const { speculation, replicator, history, lastTick } = this.#parts;
    const limit = Math.min(replicator.sealedByAll, speculation.head, lastTick.tick);
    while (history.newestTick < limit) this.#finalize(history.newestTick + 1);
    this.#tellFindings();
    this.#confirm();
  }

  #finalize(tick: number): void {
    const { simulation, speculation, history, effects, traffic, emit, logged } = this.#parts;
    const { body } = speculation.timeline.at(tick)!;
    const record = history.add(
      (slot) => body.used[slot]!,
      () => simulation.hash(body.snapshot),
    );
    const chronos = tick as ChronosTick;
    emit({ type: "final", chronos, stateHash: record.stateHash });
    for (const { envelope, reason } of body.refused) emit({ type: "refused", envelope, reason });
    for (const { error, where } of body.faults) emit({ type: "fault", chronos, error, where });
    logged(chronos, body.logs);
    effects.final(tick, speculation.head, body.effects);
    traffic.finalized(record);
  }

  #tellFindings(): void {
    const { simulation, speculation, confirmation, trace, emit } = this.#parts;
    for (const { finding, slot } of confirmation.newFindings()) {
      const { chronos, local, remote } = finding;
      emit({ type: "desync", chronos, local, remote, slot });
      const node = speculation.timeline.at(chronos);
      if (node !== undefined) trace?.state(chronos, simulation.inspect(node.body.snapshot));
    }
  }

  /** Journals what is confirmed and lets go of snapshots that nobody will ask for. */
  #confirm(): void {
    const { speculation, history, confirmation, recorder } = this.#parts;
    const { timeline } = speculation;
    const confirmed = confirmation.confirmedTick;
    recorder.write(confirmed);
    const newest = history.newestTick;
    const snapshotBytes = timeline.head.body.snapshot.length;
    const kept = Math.min(
      UNCONFIRMED_SNAPSHOTS,
      Math.floor(UNCONFIRMED_SNAPSHOT_BYTES / Math.max(1, snapshotBytes)),
    );
    // The tick before the head is shown beside it, also where the head is final and confirmed.
    timeline.collect(Math.min(newest - 1, Math.max(confirmed, newest - kept)));
  }

  /** Journals what there is up to the end. */
  end({ tick, agreed }: End): void {
    const { recorder } = this.#parts;
    recorder.write(tick);
    recorder.close(agreed);
  }
}
