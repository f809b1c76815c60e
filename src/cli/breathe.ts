import { CliError, wordsOf } from "./exit.js";
import { placeOf } from "./place.js";

/** What a game's code threw that nobody waits for, since `catchPutOff` began. */
const thrown: unknown[] = [];
const keep = (error: unknown): void => {
  thrown.push(error);
};

/**
 * Does the work of a command that runs a game's code. What that code puts off (async and await, a promise) and then
 * throws would end the process; here the next `breathe` rejects with it, or the work itself at its end.
 */
export async function catchPutOff<T>(work: () => Promise<T> | T): Promise<T> {
  process.on("unhandledRejection", keep);
  try {
    const result = await work();
    await breathe();
    return result;
  } finally {
    process.off("unhandledRejection", keep);
    thrown.length = 0;
  }
}

/** Lets signals, timers and sockets have their turn. Rejects with `CliError` as `catchPutOff` says. */
export async function breathe(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (thrown.length === 0) return;
  const [error] = thrown.splice(0);
  throw new CliError(
    1,
    `code that the game puts off (async and await, a promise) threw: ${wordsOf(error)}${placeOf(error)}; it runs outside of any tick, at another moment on every machine: do everything before step and handlers return`,
  );
}
