import { MAX_NAME_LENGTH } from "./limits.js";

/** The rule that `isName` checks, for messages. */
export const NAME_RULE: string = `1 to ${MAX_NAME_LENGTH} of the characters A-Z a-z 0-9 _ . : / -, and not __proto__`;

const NAME_PATTERN = /^[A-Za-z0-9_.:/-]+$/;

/** Whether a text can name a kind, a field, an effect or a choice. Names are ASCII: their order is that of their bytes. */
export function isName(name: unknown): name is string {
  return (
    typeof name === "string" &&
    name.length <= MAX_NAME_LENGTH &&
    NAME_PATTERN.test(name) &&
    name !== "__proto__"
  );
}
