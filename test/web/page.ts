/** What a page of the tests can be asked for. */
import { webrtc } from "echo-net/webrtc";
import { websocket } from "echo-net/websocket";
import { roomConformance } from "../rooms/conformance.js";
import { directPaths } from "../rooms/direct.js";
import { meet } from "../rooms/meet.js";
import { type Outcome, type Plan, Player, type Progress } from "./player.js";

let player: Player | undefined;

const inPage = {
  ready: true,

  /** Goes into a match; resolves once it runs. */
  async join(plan: Plan): Promise<void> {
    player = await Player.join(plan);
    // Whoever asks for the outcome is told; nobody else need be.
    player.outcome.catch(() => {});
  },

  progress: (): Progress | undefined => player?.progress,

  outcome: (): Promise<Outcome> => player!.outcome,

  /** The journal as far as it goes. */
  journal: (): string => player!.journal,

  meet,

  /** Runs one case of the suite for transports; throws where it does not hold. */
  async conform(kind: Plan["kind"], url: string, index: number): Promise<void> {
    const suite =
      kind === "webrtc"
        ? roomConformance({
            url,
            prefix: "webrtc-in-page",
            optionOf: (room) => webrtc({ signaling: url, room }),
            settleMs: 12,
            ready: directPaths,
          })
        : roomConformance({
            url,
            prefix: "websocket-in-page",
            optionOf: (room) => websocket({ url, room }),
            settleMs: 12,
            ready: () => Promise.resolve(),
          });
    await suite[index]!.run();
  },
};

export type InPage = typeof inPage;

Object.assign(globalThis, inPage);
