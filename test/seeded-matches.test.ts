import { seededMatches } from "./seeded/suite.js";

// The other hundred stand in a file of their own, so that two workers share them.
seededMatches(Array.from({ length: 100 }, (_, i) => 1 + i));
