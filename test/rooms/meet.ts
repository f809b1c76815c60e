import { type WebRtcOption, type WebRtcOptions, webrtc } from "echo-net/webrtc";

/** What one of two ends says of the path between them, once it is open or was given up. */
export interface Meeting {
  readonly states: readonly string[];
  readonly findings: readonly { readonly reason: string; readonly hint: string }[];
  /** Where the end did not even open: what was said. */
  readonly refusal: string | undefined;
}

/** Lets ends meet in a room, the first as its host, and asks each what it found. */
export async function meet(
  signaling: string,
  room: string,
  parts: readonly Omit<WebRtcOptions, "signaling" | "room">[],
): Promise<readonly Meeting[]> {
  const options: WebRtcOption[] = [];
  const refusals: (string | undefined)[] = [];
  const ends: { close(): void }[] = [];
  for (const part of parts) {
    const option = webrtc({ ...part, signaling, room });
    options.push(option);
    try {
      ends.push(await option.open());
      if (option.role === "host") option.announce("echo-net:meeting");
      refusals.push(undefined);
    } catch (error) {
      refusals.push(String(error));
    }
  }
  const isSettled = (): boolean =>
    options.every(({ paths }) => [...paths.values()].every((state) => state !== "opening"));
  while (!isSettled()) await new Promise((resolve) => setTimeout(resolve, 20));
  const meetings = options.map((option, i) => ({
    states: [...option.paths.values()],
    findings: option.diagnose().map(({ reason, hint }) => ({ reason, hint })),
    refusal: refusals[i],
  }));
  for (const end of ends) end.close();
  return meetings;
}
