import { EchoNetError } from "../core/base/errors.js";
import { domainHash } from "../core/base/hash.js";
import { utf8Encode } from "../core/base/text.js";
import type { Manifest, Mode } from "../core/guard/identity.js";
import type { LineSink } from "../core/journal/sink.js";
import type { Output } from "../core/session/outputs.js";
import type { SilenceLimits } from "../core/session/silence.js";
import type { Game, Logs } from "../core/session/simulation.js";
import { MAX_PEERS, MAX_SLOTS } from "../core/wire/limits.js";
import { requireGame } from "../game/define-game.js";
import { manifestOf } from "../match/opening.js";
import type { DeviceInput } from "./check-runner.js";
import { describeNet, type NetInput, resolveNet } from "./net-spec.js";
import type { PeerClockOptions } from "./peer-clock.js";

/** Mean time between two frames of a peer. */
const FRAME_MS_MIN = 0.1;
const FRAME_MS_MAX = 60_000;

/** What `createTestMatch` is told. All but the number of peers has a default. */
export interface TestMatchOptions extends Partial<PeerClockOptions> {
  /** 2 to 8. */
  readonly peers: number;
  /** What all chance comes from: keys, dice of the network, clocks, the match itself. 1 by default. */
  readonly seed?: number;
  /** `rollback` by default. */
  readonly mode?: Mode;
  /** `perfect` by default. */
  readonly net?: NetInput;
  /** 0 to 30 ticks, or `auto`, the default. */
  readonly inputDelayTicks?: number | "auto";
  /** What the devices say; nothing by default, which leaves a game's `input` to be its own bot. */
  readonly input?: DeviceInput;
  /** `client-server`: a relay stands between all peers. `p2p` by default. */
  readonly topology?: "p2p" | "client-server";
  /** Speculative ticks in rollback mode; 8 by default. */
  readonly windowTicks?: number;
  /** The last tick of the match; without end by default. */
  readonly ticks?: number;
  /** Slots of each peer, or of each by its number; 1 by default. */
  readonly slotsPerPeer?: number | readonly number[];
  /** Makes clocks and unseeded chance throw while the game's code runs; true by default. */
  readonly guarded?: boolean;
  /** A state hash enters the history every so many ticks; 1 by default. */
  readonly hashEveryTicks?: number;
  /** What one slot may put into one tick: 64 events and 65,536 bytes by default. */
  readonly limits?: Manifest["limits"];
  /** After how many milliseconds a peer counts as interrupted, and as lost: 500 and 10,000 by default. */
  readonly silence?: SilenceLimits;
  /** Keeps each peer's journal as text, or writes it to a sink for each. */
  readonly journal?: boolean | ((peer: number) => LineSink);
  /** Keeps each peer's trace as text, or writes it to a sink for each. */
  readonly trace?: boolean | ((peer: number) => LineSink);
  /** Traces every datagram too. */
  readonly traceDatagrams?: boolean;
  /** Changes one leaf of the state of a slot's peer after a tick, each time that the peer simulates it. */
  readonly corrupt?: { readonly slot: number; readonly tick: number };
  /** Told what each peer's session puts out, as it does. */
  readonly onOutput?: (peer: number, output: Output) => void;
  /** Told what the game logs at each peer: of the ticks that become final, and of its own input. */
  readonly onLogs?: (peer: number, chronos: number, logs: Logs) => void;
  /** The command that repeats this match, for the message where it fails. */
  readonly repeat?: string;
}

/** Options with every default in its place. */
export type ResolvedMatchOptions = TestMatchOptions &
  PeerClockOptions &
  Required<
    Pick<TestMatchOptions, "seed" | "mode" | "inputDelayTicks" | "topology" | "guarded" | "repeat">
  > & {
    readonly slots: readonly number[];
    readonly manifest: Manifest;
  };

/** Throws `EchoNetError`: GAME_INVALID for what is no game, INPUT_INVALID for options that make no sense. */
export function resolveMatchOptions(game: Game, options: TestMatchOptions): ResolvedMatchOptions {
  requireGame(game, "createTestMatch");
  if (typeof options !== "object" || options === null) throw refuse("say for how many, as { peers: 2 }");
  const { peers, mode = "rollback", slotsPerPeer = 1 } = options;
  if (!Number.isInteger(peers) || peers < 2 || peers > MAX_PEERS) {
    throw refuse(`a match has 2 to ${MAX_PEERS} peers, not ${peers}`);
  }
  const slots = Array.from({ length: peers }, (_, peer) =>
    typeof slotsPerPeer === "number" ? slotsPerPeer : (slotsPerPeer[peer] ?? 1),
  );
  const players = slots.reduce((sum, count) => sum + count, 0);
  if (players > MAX_SLOTS || slots.some((count) => !Number.isInteger(count) || count < 1)) {
    throw refuse(`a peer has 1 slot or more and a match at most ${MAX_SLOTS}, not ${slots.join(" + ")}`);
  }
  const { windowTicks, ticks, hashEveryTicks, limits } = options;
  const standard = manifestOf(game, {
    mode,
    players,
    ticks,
    ...(windowTicks === undefined ? {} : { windowTicks }),
  });
  const manifest: Manifest = {
    ...standard,
    hashEveryTicks: hashEveryTicks ?? standard.hashEveryTicks,
    limits: limits ?? standard.limits,
  };
  const resolved: ResolvedMatchOptions = {
    frameMs: 1000 / 60,
    frameJitter: 0.2,
    clockDrift: 0.0005,
    seed: 1,
    inputDelayTicks: "auto",
    topology: "p2p",
    guarded: true,
    ...options,
    mode,
    slots,
    manifest,
    repeat: options.repeat ?? commandFor(options, manifest),
  };
  checkClocks(resolved);
  return resolved;
}

/** What time passes by: with frames that never come, or are no time at all, no match would ever end. */
function checkClocks({ frameMs, frameJitter, clockDrift, silence }: ResolvedMatchOptions): void {
  if (!(frameMs >= FRAME_MS_MIN && frameMs <= FRAME_MS_MAX)) {
    throw refuse(`frameMs is ${FRAME_MS_MIN} to ${FRAME_MS_MAX} milliseconds, not ${frameMs}`);
  }
  if (!(frameJitter >= 0 && frameJitter <= 1)) throw refuse(`frameJitter is 0 to 1, not ${frameJitter}`);
  if (!(clockDrift >= 0 && clockDrift < 1)) throw refuse(`clockDrift is 0 to less than 1, not ${clockDrift}`);
  const { interruptedMs = 0, lostMs = Number.POSITIVE_INFINITY } = silence ?? {};
  if (!(interruptedMs >= 0 && interruptedMs <= lostMs)) {
    throw refuse(`a silence of ${interruptedMs} ms interrupts, of ${lostMs} ms or more loses`);
  }
}

/** A secret of the match's seed: 32 bytes. */
export const seededBytes = (seed: number, purpose: string, peer = 0): Uint8Array =>
  domainHash("testing match", utf8Encode(JSON.stringify([seed, purpose, peer]))!);

function commandFor(options: TestMatchOptions, { mode, windowTicks, ticks }: Manifest): string {
  const words = ["echo-net simulate GAME", `--mode ${mode}`, `--peers ${options.peers}`];
  words.push(`--net ${describeNet(resolveNet(options.net ?? "perfect"))}`, `--seed ${options.seed ?? 1}`);
  if (ticks !== null) words.push(`--ticks ${ticks}`);
  if (mode !== "lockstep" && windowTicks !== 8) words.push(`--window ${windowTicks}`);
  if (options.inputDelayTicks !== undefined) words.push(`--input-delay ${options.inputDelayTicks}`);
  if (options.topology === "client-server") words.push("--topology client-server");
  if (options.corrupt !== undefined)
    words.push(`--fault corrupt:${options.corrupt.slot}@${options.corrupt.tick}`);
  return words.join(" ");
}

const refuse = (what: string): EchoNetError =>
  new EchoNetError("INPUT_INVALID", `The match cannot be played: ${what}.`);
