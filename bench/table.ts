import type { LuaFigure } from "./lua-figures.js";
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
  return aligned(
    COLUMNS.map(([title]) => title),
    rows.map((row) => COLUMNS.map(([, show]) => show(row))),
    WORDS,
  );
}

const digits = ({ unit }: LuaFigure): number => (unit === "MB" ? 1 : 2);

export function luaTableOf(figures: readonly LuaFigure[]): string {
  const cells = figures.map((figure) => [
    figure.name,
    ...[figure.median, figure.least, figure.most].map((value) => value.toFixed(digits(figure))),
    figure.unit,
    figure.aim ?? "",
  ]);
  return aligned(["row", "median", "least", "most", "", "aim"], cells, 1);
}

/** Cells in columns, of which the first ones are words. */
function aligned(
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  wordColumns: number,
): string {
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  return [titles, ...cells]
    .map((row) =>
      row
        .map((cell, i) => (i < wordColumns ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
