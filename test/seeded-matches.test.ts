import { seededMatches } from "./seeded/suite.js";

// The other hundred stand in a file of their own, so that two workers share them.
// What happens to none of this half, that half is asked for.
seededMatches(
  Array.from({ length: 100 }, (_, i) => 1 + i),
  ["datagram too many for the rate", "quota refused"],
);
