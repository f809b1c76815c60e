import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { root } from "../tidy/modules.js";
import { packFolder } from "./tarball.js";

/** A registry on this machine, of the packages that the project itself has installed, in just those versions. */
export interface Registry {
  readonly url: string;
  close(): void;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export async function openRegistry(): Promise<Registry> {
  const tarballs = new Map<string, Buffer>();
  const tarballOf = (name: string): Buffer => {
    const known = tarballs.get(name) ?? packFolder(folderOf(name));
    tarballs.set(name, known);
    return known;
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname.slice(1));
    const name = path.replace(/\/-\.tgz$/, "");
    if (!existsSync(`${folderOf(name)}package.json`)) {
      response.writeHead(404).end();
      return;
    }
    if (path !== name) {
      response.end(tarballOf(name));
      return;
    }
    const manifest = JSON.parse(readFileSync(`${folderOf(name)}package.json`, "utf8")) as Manifest;
    const { version, optionalDependencies = {} } = manifest;
    const integrity = `sha512-${createHash("sha512").update(tarballOf(name)).digest("base64")}`;
    // What other platforms would need was never installed here.
    const present = Object.entries(optionalDependencies).filter(([one]) => existsSync(folderOf(one)));
    const dist = { tarball: `${url}${encodeURIComponent(name)}/-.tgz`, integrity };
    const entry = { ...manifest, optionalDependencies: Object.fromEntries(present), dist };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions: { [version]: entry } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => server.close() };
}

const folderOf = (name: string): string => `${root}node_modules/${name}/`;
