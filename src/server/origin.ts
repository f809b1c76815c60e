/** Pages on the visitor's own machine: whoever writes a game tries it there. */
const LOCAL = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * Whether a page of this origin may use the server: one that the server itself hands out, one on the visitor's own
 * machine, or one of `allowed` (`*` stands for all). What is no browser sends no origin.
 *
 * @param origin the request's `Origin`
 * @param host the request's `Host`
 */
export function isWelcome(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || LOCAL.test(origin)) return true;
  if (allowed.includes("*") || allowed.includes(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
