/** What the service worker does when a notice is clicked. Without the worker's own types, so that pages share them. */

/** From the worker to every page: a notice was clicked, who takes it? */
export interface NoticeClick {
  type: "notice-click";
  path: string;
}

interface Page {
  focus(): Promise<unknown>;
  postMessage(message: NoticeClick, transfer: Transferable[]): void;
}

export interface Pages {
  all(): Promise<readonly Page[]>;
  open(path: string): Promise<unknown>;
}

/** A page that leads answers within this time, in milliseconds. */
const patience = 500;

/** Brings the page that leads to the front and lets it go there; any other where none leads (the lock is on); else a new one. */
export async function openNotice(path: string, pages: Pages): Promise<void> {
  const all = await pages.all();
  const front = (await leadOf(all, path)) ?? all[0];
  if (front) await front.focus();
  else await pages.open(path);
}

/** Only places of the app: a notice's data may come from an older version. */
export function safePath(data: unknown): string {
  const path = typeof data === "object" && data !== null ? (data as { path?: unknown }).path : undefined;
  return typeof path === "string" && /^\/chats\/(#c=[0-9a-f]{1,128})?$/i.test(path) ? path : "/chats/";
}

export function isNoticeClick(message: unknown): message is NoticeClick {
  const { type, path } = (message ?? {}) as Partial<NoticeClick>;
  return type === "notice-click" && path === safePath({ path });
}

function leadOf(pages: readonly Page[], path: string): Promise<Page | undefined> {
  const { promise, resolve } = Promise.withResolvers<Page | undefined>();
  for (const page of pages) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(page);
    page.postMessage({ type: "notice-click", path }, [port2]);
  }
  const timer = setTimeout(() => resolve(undefined), pages.length > 0 ? patience : 0);
  return promise.finally(() => clearTimeout(timer));
}
