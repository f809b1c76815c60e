import { seedsOfSplash } from "./seeds-of-splash.js";

// The other ten stand in a file of their own, so that two workers share them.
seedsOfSplash([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
