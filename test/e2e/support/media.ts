import { expect, type Page } from "@playwright/test";

/** Frames that the biggest video element of a page has shown so far: decoded, not only received. */
export async function decodedFrames(page: Page, label: string | RegExp): Promise<number> {
  return page.getByLabel(label).evaluate((element) => {
    const video = element as HTMLVideoElement;
    return video.getVideoPlaybackQuality().totalVideoFrames;
  });
}

/** Waits until somebody's video really moves. */
export async function expectMovingPicture(page: Page, label: string | RegExp): Promise<void> {
  await expect(page.getByLabel(label)).toBeVisible({ timeout: 20_000 });
  const before = await decodedFrames(page, label);
  await expect.poll(() => decodedFrames(page, label), { timeout: 20_000 }).toBeGreaterThan(before + 5);
}
