/** Shows notices by the service worker where there is one: on phones it alone may, and it outlives the page. */

export interface ShownNotice {
  title: string;
  body: string;
  tag: string;
  /** Where a click leads, inside the app. */
  path: string;
  /** Stays until somebody decides. */
  waits?: boolean;
}

/** A notice that takes another one's place is told anew. Not in the DOM library. */
type Options = NotificationOptions & { renotify: boolean };

/** Those that the page shows by itself, by tag. */
const own = new Map<string, Notification>();

export async function showNotice(notice: ShownNotice, onClick: (path: string) => void): Promise<void> {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const { title, body, tag, path, waits = false } = notice;
  const look = { icon: "/icons/icon-192.png", badge: "/icons/icon-192.png", data: { path }, requireInteraction: waits };
  const options: Options = { body, tag, renotify: true, ...look };
  const worker = await workerOf();
  if (worker) return worker.showNotification(title, options);
  try {
    const shown = new Notification(title, options);
    own.set(tag, shown);
    shown.onclose = () => own.delete(tag);
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick(path);
    };
  } catch {
    // some phones allow it to workers only; the title still counts
  }
}

/** Takes away what was read elsewhere, taken back or locked away: those of one tag, or all. */
export async function closeNotices(tag?: string): Promise<void> {
  for (const [key, shown] of own) if (tag === undefined || key === tag) shown.close();
  const worker = await workerOf();
  for (const shown of (await worker?.getNotifications(tag === undefined ? {} : { tag })) ?? []) shown.close();
}

async function workerOf(): Promise<ServiceWorkerRegistration | undefined> {
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    return registration?.active ? registration : undefined;
  } catch {
    return undefined; // private windows may refuse
  }
}
