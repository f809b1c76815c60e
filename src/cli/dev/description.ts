/** Where in the user's files something is wrong. */
export interface Place {
  /** From the folder that the command was run in, where it is in there. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export interface Problem {
  readonly message: string;
  readonly place?: Place | undefined;
}

/** How the page loads a game. */
export interface Loading {
  /** Of a game in TypeScript or JavaScript: what to import. */
  readonly module?: string;
  /** Of a game in Lua: its scripts by file. */
  readonly lua?: { readonly name: string; readonly files: Readonly<Record<string, string>> };
  /** Of a WebAssembly module: where its bytes are. */
  readonly wasm?: string;
  /** The module that draws games in Lua and WebAssembly, where one stands beside them. */
  readonly drawing?: string;
}

/** A game as it stands on the disk, ready for the page. */
export interface Reading {
  readonly loading: Loading;
  /** What keeps it from being played. */
  readonly problem?: Problem | undefined;
  /** What looks like a slip in a game's scripts, a line each. */
  readonly hints?: readonly string[] | undefined;
  /** What the page may ask for, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Where changes would be seen. */
  readonly folders: readonly string[];
  /** The user's own place of a line of a served module. */
  readonly placeOf: (path: string, line: number, column: number) => Place | undefined;
}
