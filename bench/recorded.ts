/** Measured once with the same work, by libraries that npm does not have. They are shown as they were recorded. */
import type { Figures } from "./play.js";

export interface Recorded {
  readonly library: string;
  readonly players: number;
  readonly network: string;
  readonly figures: Partial<Figures>;
}

/** By network, in the order of `NETWORKS`; shorter lists end where nothing was recorded. */
interface Sheet {
  readonly library: string;
  readonly players: number;
  readonly cpuMicroseconds: readonly number[];
  readonly bytes?: readonly number[];
  readonly datagrams?: number;
  /** Mean of both peers. */
  readonly resimulatedPerThousand?: readonly number[];
  readonly stalledPerThousand?: readonly number[];
}

const SHEETS: readonly Sheet[] = [
  {
    library: "GGRS 0.13 (Rust)",
    players: 2,
    cpuMicroseconds: [2.6, 4.4, 4.3, 5.1, 6.4],
    bytes: [60, 89, 89, 109],
    datagrams: 2,
    resimulatedPerThousand: [0, 873, 900.5, 1371.5],
    stalledPerThousand: [0, 0, 0.1, 119],
  },
  {
    library: "GGPO (C++)",
    players: 2,
    cpuMicroseconds: [6.2, 8.6, 8.5, 9.4, 11.6],
    bytes: [53, 114, 116, 157],
    datagrams: 1,
  },
  {
    library: "GGPO (C++), its log stubbed",
    players: 2,
    cpuMicroseconds: [1.5, 3.2, 3.1, 3.8, 5.0],
  },
  {
    library: "GGRS 0.13 (Rust)",
    players: 4,
    cpuMicroseconds: [6.7, 12.1, 11.5, 13.0],
    bytes: [209, 296, 295, 319],
  },
];

const NETWORK_NAMES = ["perfect", "good", "lossy", "mobile", "W"];

export const RECORDED: readonly Recorded[] = SHEETS.flatMap((sheet) =>
  sheet.cpuMicroseconds.map((cpuMicroseconds, i) => {
    const figures: { -readonly [Key in keyof Figures]?: number } = { cpuMicroseconds };
    if (sheet.bytes?.[i] !== undefined) figures.bytes = sheet.bytes[i];
    if (sheet.datagrams !== undefined && figures.bytes !== undefined) figures.datagrams = sheet.datagrams;
    for (const key of ["resimulatedPerThousand", "stalledPerThousand"] as const) {
      const figure = sheet[key]?.[i];
      if (figure !== undefined) figures[key] = figure;
    }
    return { library: sheet.library, players: sheet.players, network: NETWORK_NAMES[i]!, figures };
  }),
);

export const recordedOf = (library: string, players: number, network: string): Partial<Figures> | undefined =>
  RECORDED.find(
    (row) => row.library.startsWith(library) && row.players === players && row.network === network,
  )?.figures;
