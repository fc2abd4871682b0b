import { isNoticeClick } from "../../sw/notification-click.ts";

/**
 * Listens for clicks on notices, which the service worker tells every page of; the one that answers is brought to the
 * front. One that follows stays where it is.
 */
export function hearNoticeClicks(onClick: (path: string) => void, follows: () => boolean): () => void {
  const { serviceWorker } = navigator;
  const hear = (event: MessageEvent<unknown>) => {
    if (!isNoticeClick(event.data) || follows()) return;
    event.ports[0]?.postMessage("here");
    onClick(event.data.path);
  };
  serviceWorker?.addEventListener("message", hear);
  return () => serviceWorker?.removeEventListener("message", hear);
}
