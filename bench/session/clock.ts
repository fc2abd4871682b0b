/** Unix milliseconds with fractions: comparable between the two browsers, as they run on one machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** When the first frame of a stream was really decoded and ready to be shown. */
export function firstFrame(stream: MediaStream): Promise<number> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  document.body.append(video);
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => {
      resolve(now());
      video.srcObject = null;
      video.remove();
    });
    video.play().catch(() => {});
  });
}

/** The same picture for both systems, small enough that two browsers on a small machine can carry it. */
export const PICTURE = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 30 } };
export const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
