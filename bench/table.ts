import type { Figures } from "./play.js";

/** One library on one network; figures that were not recorded are left out. */
export interface Row {
  readonly players: number;
  readonly network: string;
  readonly library: string;
  /** False for what is quoted. */
  readonly measured: boolean;
  readonly figures: Partial<Figures>;
  /** Processor time over that of the first measured library on the same network. */
  readonly cpuRatio?: number;
}

type Column = readonly [title: string, show: (row: Row) => string];

const figure =
  (key: keyof Figures, digits: number) =>
  ({ figures }: Row): string =>
    figures[key]?.toFixed(digits) ?? "";

const COLUMNS: readonly Column[] = [
  ["network", ({ network }) => network],
  ["library", ({ library, measured }) => (measured ? library : `${library}, recorded`)],
  ["µs CPU", figure("cpuMicroseconds", 1)],
  ["×", ({ cpuRatio }) => cpuRatio?.toFixed(2) ?? ""],
  ["bytes", figure("bytes", 1)],
  ["datagrams", figure("datagrams", 2)],
  ["run again ‰", figure("resimulatedPerThousand", 0)],
  ["stalled ‰", figure("stalledPerThousand", 1)],
];

/** Columns of words stand to the left, numbers to the right. */
const WORDS = 2;

/** Rows as lines of text. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => COLUMNS.map(([, show]) => show(row)));
  const titles = COLUMNS.map(([title]) => title);
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  return [titles, ...cells]
    .map((row) =>
      row
        .map((cell, i) => (i < WORDS ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
