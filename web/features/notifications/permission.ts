import { create } from "zustand";

/** "ask": the browser would ask the person. */
export type NoticePermission = "unsupported" | "ask" | "granted" | "denied";

interface PermissionState {
  permission: NoticePermission;
  /** Asks, which browsers allow after a click only. */
  ask(): Promise<NoticePermission>;
}

export const useNoticePermission = create<PermissionState>((set) => ({
  permission: "unsupported",
  async ask() {
    if (current() === "ask") await Notification.requestPermission();
    const permission = current();
    set({ permission });
    return permission;
  },
}));

/** Reads how it stands and hears when it is changed in the browser's settings. Asks nothing. */
export function startNoticePermission(): () => void {
  const read = () => useNoticePermission.setState({ permission: current() });
  read();
  let status: PermissionStatus | undefined;
  let over = false;
  navigator.permissions?.query({ name: "notifications" }).then(
    (found) => {
      if (over) return;
      status = found;
      status.onchange = read;
    },
    () => undefined, // some browsers do not tell; it is read again at the next start
  );
  return () => {
    over = true;
    if (status) status.onchange = null;
  };
}

function current(): NoticePermission {
  if (!("Notification" in globalThis)) return "unsupported";
  const { permission } = Notification;
  return permission === "default" ? "ask" : permission;
}
