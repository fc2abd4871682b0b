/** A voice message is part of one sealed message: at most 192 KiB. */
export const mostBytes = 192 * 1_024;
export const mostSeconds = 120;

/**
 * Two minutes have to fit: 13,107 bits a second with everything. Opus speaks clearly from 8,000 on (RFC 6716, 2.1.1); the
 * rest is the container's share and Opus's freedom to vary.
 */
export const bitsPerSecond = 11_000;

/** Opus where the browser has it, in the container it can write; AAC on older Safari. */
const formats = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=opus", "audio/mp4"] as const;

export function chooseFormat(supports: (mime: string) => boolean): string | undefined {
  return formats.find(supports);
}

/** Only sound of these kinds is ever played. */
export function isVoiceFormat(mime: string): boolean {
  return /^audio\/(webm|ogg|mp4)(;\s?codecs="?[\w.]{1,20}"?)?$/.test(mime);
}
