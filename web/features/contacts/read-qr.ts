import decodeQR from "qr/decode.js";

/** Enough for any screen shot, small enough for a phone's memory. */
const longestSide = 1_600;

/** Text of the first code in a picture, if there is one. The picture stays in this page. */
export async function readQr(file: Blob): Promise<string | undefined> {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (!context) return undefined;
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    return decodeQR({ width, height, data });
  } catch {
    return undefined; // no picture, or no code in it: the same to the person
  }
}
