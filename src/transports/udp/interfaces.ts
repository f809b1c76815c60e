import { networkInterfaces } from "node:os";

/** More would make invites long; a machine's first few are those that people reach it by. */
const LISTED_MAX = 8;

/**
 * The hosts under which others reach a socket that is bound to every interface of a family: loopback first, since it
 * fails fast where it is wrong, then the others as the system lists them. Link-local addresses are left out: they
 * mean something else on each machine.
 */
export function reachableHosts(families: readonly (4 | 6)[]): readonly string[] {
  const loopback: string[] = [];
  const others: string[] = [];
  for (const list of Object.values(networkInterfaces())) {
    for (const { address, family, internal } of list ?? []) {
      if (!families.includes(family === "IPv6" ? 6 : 4)) continue;
      if (/^(fe80:|169\.254\.)/i.test(address)) continue;
      (internal ? loopback : others).push(address);
    }
  }
  return [...loopback, ...others].slice(0, LISTED_MAX);
}
