import type { Finding, FindingReason } from "../findings.js";
import type { PathEvidence } from "./attempt.js";
import type { Path } from "./path.js";
import type { PeerConnectionConfiguration } from "./peer-connection.js";

const NOT_ALLOWED = [401, 403, 437, 438, 441];

/** Why a path is not open, as far as this end can tell; empty while it is on its way, open, or over by intent. */
export function findingsOf(path: Path, configuration: PeerConnectionConfiguration): readonly Finding[] {
  const { state, member, evidence } = path;
  const finding = (reason: FindingReason, hint: string): Finding => ({ reason, hint, member });
  if (state === "broken") {
    const hint = `The path to member ${member} broke: it left, or a network between the two is gone.`;
    return [finding("path-lost", hint)];
  }
  if (state !== "failed") return [];
  const found: Finding[] = [];
  if (!evidence.heard) {
    const hint = `Member ${member} never answered: its page may be closed, or it plays without WebRTC.`;
    found.push(finding("no-answer", hint));
  }
  const urls = configuration.iceServers.flatMap((server) => server.urls);
  const isRelayOnly = configuration.iceTransportPolicy === "relay";
  if (isGatheringOver(evidence) && evidence.gathered.size === 0) {
    const hint = isRelayOnly
      ? "No address to offer: relays alone are allowed, and no TURN server gave one."
      : "No address to offer: this machine seems to have no network that the browser may use.";
    found.push(finding("no-candidates", hint));
  } else if (evidence.heard) {
    const how = evidence.late ? "in time" : "at all";
    const why = evidence.trouble === undefined ? "" : ` (${evidence.trouble})`;
    const hint = `No pair of addresses let a datagram through to member ${member} ${how}${why}: a firewall or router on the way.`;
    found.push(finding("ice-failed", hint));
  }
  if (urls.length === 0 && !isRelayOnly && evidence.gathered.size > 0) {
    const hint =
      "Only this machine's own addresses were offered: give iceServers a STUN server for players behind " +
      "routers, and a TURN server for those whose routers do not let them through.";
    found.push(finding("only-host-candidates", hint));
  }
  found.push(...iceServerFindings(evidence, urls, finding));
  return found;
}

/** Engines may go on asking servers that are not there for longer than anybody waits. */
const isGatheringOver = ({ gatheringBegun, gatheringDone, late }: PathEvidence): boolean =>
  gatheringBegun && (gatheringDone || late);

function iceServerFindings(
  evidence: PathEvidence,
  urls: readonly string[],
  finding: (reason: FindingReason, hint: string) => Finding,
): readonly Finding[] {
  const refused = evidence.iceErrors.find(({ code }) => NOT_ALLOWED.includes(code));
  if (refused !== undefined) {
    const { url, code, text } = refused;
    const hint = `The TURN server ${url} refused the credentials (${code} ${text}): username, credential, or their time.`;
    return [finding("turn-refused", hint)];
  }
  const silent = urls.filter((url) => !evidence.gathered.has(/^turn/.test(url) ? "relay" : "srflx"));
  // Without a NAT a STUN server tells an address that is offered already: only TURN owes one of its own.
  const owing = silent.filter(
    (url) => /^turn/.test(url) || evidence.iceErrors.some((one) => one.url === url),
  );
  if (!isGatheringOver(evidence) || owing.length === 0) return [];
  const hint =
    `No address came from ${owing.join(", ")}: it is not running there, is cut off by a firewall, ` +
    "or refused the credentials.";
  return [finding("ice-server-silent", hint)];
}
