/** The parts of other libraries that the benchmark uses, in types. */

export interface TelegraphPeer {
  readonly connections: Readonly<Record<string, readonly unknown[]>>;
  on(event: string, handler: unknown): void;
}

export enum PlayerType {
  local,
  remote,
  spectator,
}

export interface SavedState<State> {
  readonly frame: number;
  readonly state: State;
}

export class Telegraph<State> {
  constructor(config: {
    readonly peer: TelegraphPeer;
    readonly numPlayers: number;
    readonly disconnectTimeout: number;
    readonly disconnectNotifyStart: number;
    readonly callbacks: {
      readonly onSaveState: () => { readonly state: State; readonly checksum: string | null };
      readonly onLoadState: (state: State) => void;
      readonly onAdvanceFrame: () => void;
      readonly onEvent: (event: { readonly type: string }) => void;
    };
  });
  addPlayer(player: {
    readonly type: PlayerType;
    readonly playerNumber: number;
    readonly remote?: { readonly peerId: string };
  }): { readonly value: number | null; readonly code: string };
  addLocalInput(handle: number, input: readonly number[]): { readonly code: string };
  syncInput(): {
    readonly value: { readonly inputs: readonly (readonly number[])[] } | null;
    readonly code: string;
  };
  advanceFrame(): void;
  afterTick(): void;
  /** Internal: read once at the end of a run, to check the result. */
  readonly session: {
    readonly sync: {
      readonly frameCount: number;
      readonly lastConfirmedFrame: number;
      readonly savedStates: { readonly frames: readonly (SavedState<State> | undefined)[] };
    };
  };
}

export function encode(value: unknown): Uint8Array;
export function decode(bytes: Uint8Array): any;

export class NetplayPlayer {
  constructor(id: number, isLocal: boolean, isHost: boolean);
}

export class NetplayInput {
  serialize(): unknown;
  deserialize(value: unknown): void;
}

export class NetplayState {
  tick(inputs: ReadonlyMap<NetplayPlayer, NetplayInput>): void;
  serialize(): unknown;
  deserialize(value: unknown): void;
}

export class RollbackNetcode<State extends NetplayState, Input extends NetplayInput> {
  constructor(
    isHost: boolean,
    initialState: State,
    players: readonly NetplayPlayer[],
    initialInputs: ReadonlyMap<NetplayPlayer, Input>,
    maxPredictedFrames: number,
    pingMeasure: unknown,
    timestep: number,
    pollInput: () => Input,
    broadcastInput: (frame: number, input: Input) => void,
    broadcastState?: (frame: number, state: unknown) => void,
  );
  readonly history: readonly { readonly frame: number; readonly state: unknown }[];
  currentFrame(): number;
  tick(): void;
  onRemoteInput(frame: number, player: NetplayPlayer, input: Input): void;
  onStateSync(frame: number, state: unknown): void;
}
