import type { BrowserContext } from "@playwright/test";

declare global {
  interface Window {
    /** Tells the test that a line broke off. */
    lineDropped?: () => Promise<void>;
  }
}

/** What Chromium logs when a page still speaks into a line that is just breaking off; nothing else is forgiven. */
export const dropping = [/WebSocket is already in CLOSING or CLOSED state/];

/** From the next page on every line to a relay breaks off between three and nine seconds after it was made. */
export async function dropLines(context: BrowserContext, onDrop: () => void): Promise<void> {
  await context.exposeFunction("lineDropped", onDrop);
  await context.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener("open", () => {
          const drop = () => {
            if (this.readyState !== WebSocket.OPEN) return;
            this.close();
            void window.lineDropped?.();
          };
          setTimeout(drop, 3000 + Math.random() * 6000);
        });
      }
    };
  });
}
