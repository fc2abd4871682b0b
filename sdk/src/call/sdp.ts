import type { SignalCandidate } from "./signal.ts";

/** What is read from and changed in session descriptions (RFC 8866, RFC 8839, RFC 8122). */

/**
 * The one DTLS certificate fingerprint of a description, as "sha-256 AB:CD:..."; undefined when there is none or when
 * sections disagree: a description with two certificates leaves open with whom the connection would be.
 */
export function fingerprintOf(sdp: string): string | undefined {
  const found = new Set<string>();
  for (const match of sdp.matchAll(/^a=fingerprint:(\S+) (\S+)\s*$/gim)) {
    found.add(normalizeFingerprint(match[1] ?? "", match[2] ?? ""));
  }
  return found.size === 1 ? [...found][0] : undefined;
}

export function normalizeFingerprint(algorithm: string, value: string): string {
  return `${algorithm.toLowerCase()} ${value.toUpperCase()}`;
}

/** Candidates travel as signals of their own, where each is checked. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, "");
}

export interface CandidateParts {
  transport: string;
  address: string;
  type: string;
}

/** Address and type of a candidate line (RFC 8839, 5.1); undefined when it is none. */
export function readCandidate(line: string): CandidateParts | undefined {
  const match = /^(?:a=)?candidate:\S+ \d+ (\S+) \d+ (\S+) \d+ typ (host|srflx|prflx|relay)(?: |$)/.exec(line);
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  return { transport: match[1].toLowerCase(), address: match[2], type: match[3] };
}

/**
 * What may be told about one of our candidates. In relayed mode only relay candidates leave, and without the related address,
 * which would be our own.
 */
export function outgoingCandidate(candidate: SignalCandidate, relayedOnly: boolean): SignalCandidate | undefined {
  const parts = readCandidate(candidate.candidate);
  // Browsers only ever open TCP to servers: between two of them such candidates are ballast.
  if (!parts || (parts.transport === "tcp" && parts.type === "host")) return undefined;
  if (!relayedOnly) return candidate;
  if (parts.type !== "relay") return undefined;
  return { ...candidate, candidate: candidate.candidate.replace(/ raddr \S+ rport \d+/, " raddr 0.0.0.0 rport 9") };
}

/**
 * Whether one of the other side's candidates may be given to the ICE agent. Names other than mDNS ones would make this
 * device ask a name server of the other side's choice.
 */
export function mayAddCandidate(candidate: SignalCandidate, relayedOnly: boolean): boolean {
  const parts = readCandidate(candidate.candidate);
  if (!parts) return false;
  const { address } = parts;
  if (/^[0-9a-f-]{8,64}\.local$/i.test(address)) return !relayedOnly;
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) || (address.includes(":") && /^[0-9a-f:.]{2,45}$/i.test(address));
}
