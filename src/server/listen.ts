import type { Server } from "node:http";
import type { ListenOptions } from "node:net";

/** Resolves once a server listens; rejects with what `refusalOf` makes of the reason why it cannot. */
export function listen(
  server: Server,
  options: ListenOptions,
  refusalOf: (error: NodeJS.ErrnoException) => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(refusalOf(error)));
    server.listen(options, () => {
      // A connection that could not be taken, for want of files, is the other side's to repeat.
      server.removeAllListeners("error").on("error", () => {});
      resolve();
    });
  });
}
