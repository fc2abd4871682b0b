import type { CallRtc } from "./types.ts";

/** In order of preference. Frame encryption is only known to work for these; every browser has Opus and VP8. */
const PREFERRED = {
  audio: ["audio/opus"],
  video: ["video/vp8", "video/vp9", "video/rtx"],
};

/** Restricts a transceiver to our codecs; this also makes descriptions a third of their size. */
export function preferCodecs(transceiver: RTCRtpTransceiver, kind: "audio" | "video", rtc: CallRtc): void {
  const known = rtc.RTCRtpReceiver?.getCapabilities(kind)?.codecs ?? [];
  const wanted = PREFERRED[kind].flatMap((name) => known.filter((codec) => codec.mimeType.toLowerCase() === name));
  if (wanted.length === 0) return;
  try {
    transceiver.setCodecPreferences(wanted);
  } catch {
    // An implementation without the method or with other ideas keeps its own order.
  }
}

/** Whether an offer is already restricted: the answer then needs no restriction of its own. */
export function onlyOurCodecs(sdp: string): boolean {
  const names = [...sdp.matchAll(/^a=rtpmap:\d+ ([^/\s]+)\//gm)].map((match) => match[1]?.toLowerCase() ?? "");
  const ours = [...PREFERRED.audio, ...PREFERRED.video].map((type) => type.split("/")[1]);
  return names.length > 0 && names.every((name) => ours.includes(name));
}
