import type { CallClock, CallRtc } from "./types.ts";

/** What the platform offers; the only place in the call room that reaches for globals. */

export const systemCallClock: CallClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Undefined in Node and in browsers without WebRTC: calls are then refused with a typed error. */
export function systemCallRtc(): CallRtc | undefined {
  if (typeof RTCPeerConnection === "undefined" || typeof MediaStream === "undefined") return undefined;
  return {
    RTCPeerConnection,
    MediaStream,
    RTCRtpReceiver: typeof RTCRtpReceiver === "undefined" ? undefined : RTCRtpReceiver,
    RTCRtpScriptTransform: typeof RTCRtpScriptTransform === "undefined" ? undefined : RTCRtpScriptTransform,
  };
}

/** Calls back when the page goes away for good, so that the other side hears it at once; the result takes it back. */
export function onPageLeft(run: () => void): () => void {
  if (typeof window === "undefined" || !window.addEventListener) return () => {};
  window.addEventListener("pagehide", run);
  return () => window.removeEventListener("pagehide", run);
}
