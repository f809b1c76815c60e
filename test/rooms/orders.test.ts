import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isEchoNetError } from "../../src/core/base/errors.js";
import { seeds } from "../seeded/seeds.js";
import { settled } from "./orders/lanes.js";
import type { Member } from "./orders/member.js";
import { Scene } from "./orders/scene.js";

const SEEDS = 300;

/** What has to have happened in some of them. */
const MARKS = [
  ...["open", "failed", "broken", "tried again"],
  ...["by the server", "direct, without the server", "out of reach", "server begun anew"],
  ...["member refused", "member called off", "left while it was opening"],
];
const marked = new Set<string>();

function mark(what: string, isSo: boolean): void {
  if (isSo) marked.add(what);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stateOf = (member: Member): unknown => ({
  ...{ number: member.number, state: member.state, id: member.seat?.member, isLost: member.socket.isOver },
  ...{
    paths: [...member.paths],
    findings: member.option.diagnose().map(({ reason, member }) => [reason, member]),
  },
});

/** What holds between two who were let into one room and have not left it. */
function checkPair(scene: Scene, one: Member, other: Member): void {
  const [path, back] = [one.pathTo(other), other.pathTo(one)];
  const hasServer = !one.socket.isOver && !other.socket.isOver;
  const isOpen = path === "open" || back === "open";
  if (isOpen || scene.isCalm) expect([path, back]).toEqual(["open", "open"]);
  expect(path).not.toBe("opening");
  expect(other.heard.has(one.number), `${other.number} heard ${one.number}`).toBe(isOpen || hasServer);
  const findings = one.option.diagnose().filter(({ member }) => member === other.seat!.member);
  if (isOpen || hasServer) expect(findings.length > 0, "something found").toBe(!isOpen && !one.terms.plain);
  const attempts = scene.engine.made.filter(
    (made) => made.owner === one.number && made.other === other.number,
  );
  mark(`${path}`, true);
  mark("tried again", isOpen && attempts.length > 1);
  mark("by the server", !isOpen && hasServer);
  mark("direct, without the server", isOpen && !hasServer);
  mark("out of reach", !isOpen && !hasServer);
}

/** What holds for a member and its room. */
function checkMember(scene: Scene, one: Member): void {
  const roommates = scene.present.filter((other) => other.isRoommateOf(one));
  for (const other of roommates) checkPair(scene, one, other);
  const findings = one.option.diagnose();
  if (one.socket.isOver) expect(findings[0]).toMatchObject({ reason: "signaling-lost" });
  else {
    const there = roommates.filter(({ socket }) => !socket.isOver).map(({ seat }) => seat!.member);
    for (const { member } of findings) expect(there, "who is there").toContain(member);
  }
}

/** What holds once everybody has left. */
async function checkNothingLeft(scene: Scene): Promise<void> {
  for (const { calling } of scene.members) calling.abort(new Error("called off"));
  await settled();
  for (const member of scene.members) member.leave();
  await scene.passes(0);
  expect(vi.getTimerCount(), "timers").toBe(0);
  expect(scene.engine.open.length, "peer connections").toBe(0);
  expect(scene.engine.made.filter((made) => made.hasListeners).length, "of them listened to").toBe(0);
  for (const { socket, listens } of scene.members) expect([socket.isOver, listens]).toEqual([true, 0]);
  expect([scene.hall.rooms.size, scene.hall.rooms.members]).toEqual([0, 0]);
}

async function check(scene: Scene): Promise<void> {
  await scene.play();
  await scene.hearAll();
  expect(scene.engine.refusedCertificates).toBe(0);
  mark("server begun anew", scene.restarts > 0);
  for (const member of scene.present) checkMember(scene, member);
  for (const { astray, refusal, state } of scene.members) {
    expect(astray, "datagrams gone astray").toEqual([]);
    const isCalledOff = refusal !== undefined && !isEchoNetError(refusal);
    if (isCalledOff) expect(refusal).toEqual(new Error("called off"));
    mark("member called off", isCalledOff);
    mark("member refused", isEchoNetError(refusal) && state === "refused");
    mark("left while it was opening", isEchoNetError(refusal) && state === "left");
  }
  await checkNothingLeft(scene);
}

test("EN-888 in whatever order it happens, members reach each other, and who has left holds nothing", async () => {
  for (const seed of seeds(SEEDS)) {
    const scene = new Scene(seed);
    try {
      await check(scene);
    } catch (error) {
      const states = scene.members.map((member) => JSON.stringify(stateOf(member))).join("\n");
      throw new Error(`with seed ${seed}: ${(error as Error).message}\n${states}`, { cause: error });
    }
  }
  if (seeds(SEEDS).length >= SEEDS) expect(MARKS.filter((what) => !marked.has(what))).toEqual([]);
});
