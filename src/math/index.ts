/**
 * `echo-net/math`: elementary functions that give the same bits in every engine, on every machine. The language
 * leaves the last bits of `Math.sin` and its kind to the engine; these use only what IEEE 754 fixes: + − × ÷,
 * square roots, rounding to whole numbers and the bits of a double.
 */
export { exp, pow } from "./exponential.js";
export { acos, asin, atan, atan2 } from "./inverse-trigonometry.js";
export { log, log2, log10 } from "./logarithm.js";
export { cbrt, hypot } from "./roots.js";
export { cos, sin, tan } from "./trigonometry.js";
