import type { BuildOptions } from "esbuild";

/** How esbuild is asked to write `**` as a call, which the guards see where they cannot see an operator. */
export const POWERS_AS_CALLS: Pick<BuildOptions, "supported"> = {
  supported: { "exponent-operator": false },
};

/**
 * What the call does: computes as the operator does, also with bigints, and asks `Math.pow` as well where engines may
 * differ, for that is what the guards watch. Powers of two and whole numbers come out the same everywhere.
 */
const POWER = `var __pow = (base, exponent) => {
  const power = base ** exponent;
  const isExact = Number.isInteger(exponent) && (base === 2 || Number.isInteger(base) && Number.isSafeInteger(power));
  if (typeof power === "number" && !isExact) Math.pow(base, exponent);
  return power;
};`.replace(/\s*\n\s*/g, " ");

/** The code that esbuild made with `POWERS_AS_CALLS`, on as many lines, with what the call does put in. */
export const withPowers = (code: string): string => code.replace("var __pow = Math.pow;", () => POWER);
