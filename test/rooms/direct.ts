import type { WebRtcOption } from "echo-net/webrtc";

/** Waits until there is a direct path to everybody but the room's keeper, who has none. */
export async function directPaths(option: WebRtcOption): Promise<void> {
  for (let i = 0; i < 3_000; i++) {
    const states = [...option.paths].filter(([member]) => member !== 0).map(([, state]) => state);
    if (states.every((state) => state === "open")) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no direct path: ${JSON.stringify(option.diagnose())}`);
}
