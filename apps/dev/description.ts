/** Where in the user's files something is wrong. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export interface Problem {
  readonly message: string;
  readonly place?: Place | undefined;
}

/** What the server says of the game: how the page loads it, or why it cannot be. */
export interface Description {
  /** Changes with every change of the game's files. */
  readonly version: string;
  /** The path as it was given. */
  readonly title: string;
  /** The network to begin with, as `--net` was given. */
  readonly net: string;
  readonly problem?: Problem | undefined;
  /** Of a game in TypeScript or JavaScript: what to import. */
  readonly module?: string;
  /** Of a game in Lua: its scripts by file. */
  readonly lua?: { readonly name: string; readonly files: Readonly<Record<string, string>> };
  /** Of a WebAssembly module: where its bytes are. */
  readonly wasm?: string;
  /** The module that draws games in Lua and WebAssembly, where one stands beside them. */
  readonly drawing?: string;
}

/** Told by the server whenever the game's files change. */
export type Change = Pick<Description, "version" | "problem">;
