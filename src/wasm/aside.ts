import { type ChronosTick, chronosTick, type Slot } from "../core/base/brand.js";
import type { EmitRequest } from "../core/envelope/event-envelope.js";
import type { MatchSeed, Snapshot } from "../core/session/simulation.js";
import type { LogBook } from "../game/log-book.js";
import { DerivedRandom } from "../game/tick-random.js";
import { HostDesk, NO_CALLS } from "./host.js";
import { INPUT_FUEL, REMEMBERED_BYTES, VIEW_FUEL } from "./limits.js";
import { Machine } from "./machine.js";
import { RecordBytes, readCompact } from "./record-bytes.js";
import { HostRefusal } from "./trap.js";
import type { WasmGameParts } from "./wasm-game.js";

const NOTHING = new Uint8Array(0);
const NO_REQUESTS: readonly EmitRequest[] = [];

/** Runs what is not part of the match on a second machine: a player's input, and what the state looks like. */
export class Aside {
  readonly #parts: WasmGameParts;
  readonly #book: LogBook;
  readonly #desk = new HostDesk();
  readonly #machine: Machine;
  readonly #random: DerivedRandom;
  readonly #device: RecordBytes | undefined;
  readonly #view: RecordBytes | undefined;
  /** What each slot's input remembers. */
  readonly #remembered = new Map<Slot, Uint8Array>();

  /** @param book takes what input logs */
  constructor(parts: WasmGameParts, match: MatchSeed, book: LogBook) {
    const { declaration, compiled } = parts;
    this.#parts = parts;
    this.#book = book;
    this.#machine = new Machine(compiled, this.#desk.imports);
    this.#desk.machine = this.#machine;
    this.#random = new DerivedRandom("random of local input", match.seed);
    this.#device = declaration.device && new RecordBytes("device", declaration.device);
    this.#view = declaration.view && new RecordBytes("view", declaration.view);
  }

  /** What the module makes of the device in the state of `from`. Throws what goes wrong. */
  collect(from: Machine, slot: Slot, chronos: ChronosTick, device: unknown): readonly EmitRequest[] {
    const machine = this.#machine;
    if (!("echo_input" in machine.exports)) return NO_REQUESTS;
    const given = device === undefined ? undefined : this.#deviceBytes(device);
    machine.copyFrom(from);
    this.#random.start(slot, chronos);
    const requests: EmitRequest[] = [];
    this.#desk.calls = {
      ...NO_CALLS,
      emit: (kind, compact) => {
        requests.push(this.#request(kind, compact, chronos));
      },
      random: (below) => this.#random.int(below),
      randomUnit: () => this.#random.unit(),
      chronos: () => chronos,
      remember: (bytes) => {
        if (bytes.length > REMEMBERED_BYTES) {
          throw new HostRefusal(`${bytes.length} bytes to remember; ${REMEMBERED_BYTES} are allowed`);
        }
        this.#remembered.set(slot, bytes);
      },
      log: (text) => this.#book.add(`input of slot ${slot}`, text),
      recall: () => this.#remembered.get(slot) ?? NOTHING,
    };
    const at = machine.handIn(given ?? NOTHING);
    try {
      machine.call("echo_input", INPUT_FUEL, slot, at, given?.length ?? -1);
    } finally {
      machine.takeBack(given?.length ?? 0);
      this.#desk.calls = NO_CALLS;
    }
    return requests;
  }

  #deviceBytes(device: unknown): Uint8Array {
    if (this.#device === undefined)
      throw new HostRefusal("there is input, and the module declares no device");
    return this.#device.write(device);
  }

  #request(index: number, compact: Uint8Array, chronos: ChronosTick): EmitRequest {
    const kind = this.#parts.catalog.kinds[index];
    if (kind === undefined) throw new HostRefusal(`it emits kind ${index}, which is not declared`);
    return { kind: kind.name, payload: readCompact(kind.record, `event ${kind.name}`, compact, chronos) };
  }

  /** What the module shows of a saved state; undefined where it shows nothing. Throws what goes wrong. */
  view(snapshot: Snapshot): Record<string, unknown> | undefined {
    const { exports } = this.#machine;
    if (!("echo_view" in exports) || this.#view === undefined) return undefined;
    this.#machine.restore(snapshot.view());
    let shown: Record<string, unknown> | undefined;
    this.#desk.calls = {
      ...NO_CALLS,
      view: (compact) => {
        shown = this.#view!.read(compact, chronosTick(0));
      },
    };
    try {
      this.#machine.call("echo_view", VIEW_FUEL);
    } finally {
      this.#desk.calls = NO_CALLS;
    }
    return shown;
  }
}
