/** What a renderer draws: two neighbouring ticks of the present branch and how far to blend. */
export interface View<State = any> {
  readonly previous: State;
  readonly current: State;
  /** 0 shows `previous`, 1 shows `current`. */
  readonly alpha: number;
  /** The newest state that can no longer change. */
  readonly final: State;
  /** What was shown before the last update's rollback, for smoothing the jump; undefined where there was none. */
  readonly beforeRollback: State | undefined;
}
