import type { JSX } from "preact";

const SHAPES: readonly JSX.Element[] = [
  <circle key="disc" cx="8" cy="8" r="4.4" />,
  <path key="triangle" d="M8 3l5 9H3z" />,
  <rect key="square" x="4" y="4" width="8" height="8" />,
  <path key="diamond" d="M8 2.4 13.2 8 8 13.6 2.8 8z" />,
];

/** A player's colour and mark. */
export function Mark({ slot, empty = false }: { slot: number; empty?: boolean }): JSX.Element {
  return (
    <span class={empty ? "mark empty" : `mark slot-${slot % 4}`} aria-hidden="true">
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {SHAPES[slot % 4]}
      </svg>
    </span>
  );
}
