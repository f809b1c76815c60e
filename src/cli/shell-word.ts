/** One word of a shell, whatever it holds. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** One word of a command that a person is told to type: quoted only where it has to be. */
export const shellWord = (word: string): string => (/^[\w./@:+-]+$/.test(word) ? word : quoted(word));
