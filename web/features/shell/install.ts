import { create } from "zustand";

/** Not in the DOM library: Chromium's offer to install. */
interface InstallOffer extends Event {
  prompt(): Promise<void>;
}

interface InstallState {
  offer: InstallOffer | undefined;
  install(): Promise<void>;
}

export const useInstall = create<InstallState>((set, get) => ({
  offer: undefined,
  async install() {
    const { offer } = get();
    set({ offer: undefined });
    await offer?.prompt();
  },
}));

/** Keeps the browser's offer until somebody asks for it. */
export function startInstall(): () => void {
  const keep = (event: Event) => {
    event.preventDefault();
    useInstall.setState({ offer: event as InstallOffer });
  };
  addEventListener("beforeinstallprompt", keep);
  return () => removeEventListener("beforeinstallprompt", keep);
}
