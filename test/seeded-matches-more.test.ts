import { seededMatches } from "./seeded/suite.js";

seededMatches(Array.from({ length: 100 }, (_, i) => 101 + i));
