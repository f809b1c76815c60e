/** The grid: 13 by 11 cells, numbered row by row, with pillars where both coordinates are odd. */
export const WIDTH = 13;
export const HEIGHT = 11;
export const CELLS: number = WIDTH * HEIGHT;

export const FREE = 0;
export const PILLAR = 1;
export const CRATE = 2;

export const DIRECTIONS = ["up", "right", "down", "left"] as const;
export type Direction = (typeof DIRECTIONS)[number];
/** What a player asks for: a direction, or to stand still. */
export type Heading = Direction | "stay";

/** Where players begin and come back: corners first, then the middles of the sides. */
export const START_CELLS: readonly number[] = [
  cellAt(0, 0),
  cellAt(12, 10),
  cellAt(12, 0),
  cellAt(0, 10),
  cellAt(6, 0),
  cellAt(6, 10),
  cellAt(0, 5),
  cellAt(12, 5),
];

export function cellAt(x: number, y: number): number {
  return y * WIDTH + x;
}

export const columnOf = (cell: number): number => cell % WIDTH;
export const rowOf = (cell: number): number => (cell - columnOf(cell)) / WIDTH;

/** Steps between two cells, as if nothing stood in between. */
export function distance(a: number, b: number): number {
  return Math.abs(columnOf(a) - columnOf(b)) + Math.abs(rowOf(a) - rowOf(b));
}

const NEXT: Readonly<Record<Heading, readonly number[]>> = {
  stay: neighbours(0, 0),
  up: neighbours(0, -1),
  right: neighbours(1, 0),
  down: neighbours(0, 1),
  left: neighbours(-1, 0),
};

function neighbours(dx: number, dy: number): number[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const x = columnOf(cell) + dx;
    const y = rowOf(cell) + dy;
    return x < 0 || x >= WIDTH || y < 0 || y >= HEIGHT ? -1 : cellAt(x, y);
  });
}

/** The neighbouring cell, or −1 past the edge. */
export const nextCell = (cell: number, heading: Heading): number => NEXT[heading][cell]!;

/** A board of pillars, and otherwise free. */
export function bareBoard(): Uint8Array {
  return Uint8Array.from({ length: CELLS }, (_, cell) =>
    columnOf(cell) % 2 === 1 && rowOf(cell) % 2 === 1 ? PILLAR : FREE,
  );
}

/**
 * The cells that water from `cell` comes to, ray by ray: it stops before pillars and at the first crate, which it
 * still hits.
 */
export function splashedCells(board: Uint8Array, cell: number, reach: number): number[] {
  const cells = [cell];
  for (const direction of DIRECTIONS) {
    let at = cell;
    for (let step = 0; step < reach; step++) {
      at = nextCell(at, direction);
      if (at < 0 || board[at] === PILLAR) break;
      cells.push(at);
      if (board[at] === CRATE) break;
    }
  }
  return cells;
}
