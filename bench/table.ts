import type { Figures } from "./work.js";

const COLUMNS: readonly (readonly [title: string, show: (figures: Figures) => string])[] = [
  ["µs CPU", (figures) => figures.cpuMicroseconds.toFixed(1)],
  ["bytes", (figures) => figures.bytes.toFixed(0)],
  ["datagrams", (figures) => figures.datagrams.toFixed(2)],
  ["run again ‰", (figures) => figures.resimulatedPerThousand.toFixed(0)],
  ["stalled %", (figures) => figures.stalledPercent.toFixed(2)],
];

export interface Row {
  readonly network: string;
  readonly contender: string;
  readonly figures: Figures | undefined;
}

/** Rows as lines of text, numbers to the right. */
export function tableOf(rows: readonly Row[]): string {
  const titles = ["network", "library", ...COLUMNS.map(([title]) => title)];
  const cells = rows.map(({ network, contender, figures }) => [
    network,
    contender,
    ...COLUMNS.map(([, show]) => (figures === undefined ? "-" : show(figures))),
  ]);
  const widths = titles.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  return [titles, ...cells]
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
    )
    .join("\n");
}
