/** `npm run picture`: draws the README's picture anew, from a match that is played for it. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build, bundleForNode, ensureInstalled, root } from "./house.mjs";

ensureInstalled();
build();
const bundle = await bundleForNode("examples/splash/picture.ts", ".cache/picture.mjs");
const { pictureOfMatch } = await import(pathToFileURL(bundle).href);
writeFileSync(`${root}docs/splash.svg`, pictureOfMatch(6, 732));
