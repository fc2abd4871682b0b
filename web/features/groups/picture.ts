import { PageError } from "../../lib/errors.ts";
import { maxPicture } from "./limits.ts";

/** From the best to the smallest: the first that fits is taken. Sides in pixels. */
const sides = [192, 160, 128, 96];
const qualities = [0.86, 0.7, 0.5];
/** Bytes; whatever is larger is no photograph. */
const largestFile = 40 * 1024 * 1024;

export interface Square {
  x: number;
  y: number;
  side: number;
}

/** The largest square of a picture, in its middle. */
export function middleSquare(width: number, height: number): Square {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

/** The first encoding that is small enough, undefined when none is. */
export async function firstFitting(
  encode: (side: number, quality: number) => Promise<Blob>,
): Promise<Blob | undefined> {
  for (const side of sides) {
    for (const quality of qualities) {
      const blob = await encode(side, quality);
      if (blob.size > 0 && blob.size <= maxPicture) return blob;
    }
  }
  return undefined;
}

/**
 * Cuts the middle square out of a picture and makes it small, here in the browser: WebP, or JPEG where the browser cannot
 * write WebP. Whatever else the file carried (place, camera) stays behind. @throws PageError PICTURE_INVALID
 */
export async function squarePicture(file: Blob): Promise<Uint8Array> {
  if (file.size > largestFile) throw new PageError("PICTURE_INVALID");
  const picture = await createImageBitmap(file).catch((cause: unknown) => {
    throw new PageError("PICTURE_INVALID", { cause });
  });
  try {
    const { x, y, side: from } = middleSquare(picture.width, picture.height);
    const blob = await firstFitting(async (side, quality) => {
      const canvas = document.createElement("canvas");
      canvas.width = side;
      canvas.height = side;
      const pen = canvas.getContext("2d");
      if (!pen) throw new PageError("PICTURE_INVALID");
      // Transparent parts would be black in a JPEG.
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, side, side);
      pen.imageSmoothingQuality = "high";
      pen.drawImage(picture, x, y, from, from, 0, 0, side, side);
      const webp = await toBlob(canvas, "image/webp", quality);
      return webp.type === "image/webp" ? webp : toBlob(canvas, "image/jpeg", quality);
    });
    if (!blob) throw new PageError("PICTURE_INVALID");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    picture.close();
  }
}

function toBlob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new PageError("PICTURE_INVALID"))), type, quality);
  });
}
