import { create } from "zustand";
import { localKey, readLocal, writeLocal } from "./local.ts";

/** "text": who and what; "name": who; "nothing": that there is something. */
export type NoticeContent = "text" | "name" | "nothing";

export interface Preferences {
  /** Calls go through a relay, so that the other person does not see this device's address. */
  relayedOnly: boolean;
  notifications: boolean;
  /** How much of a message a notice shows. */
  noticeContent: NoticeContent;
  /** The offer to switch notices on was answered. */
  noticesOffered: boolean;
  /** Where there is a lock: minutes without a touch until it shuts; 0 leaves it open until the page is closed. */
  lockMinutes: number;
  microphone: string;
  camera: string;
  speaker: string;
}

const initial: Preferences = {
  relayedOnly: false,
  notifications: false,
  noticeContent: "name",
  noticesOffered: false,
  lockMinutes: 15,
  microphone: "",
  camera: "",
  speaker: "",
};

interface PreferencesState extends Preferences {
  set(change: Partial<Preferences>): void;
}

export const usePreferences = create<PreferencesState>((set, get) => ({
  ...initial,
  set(change) {
    // Another tab may have chosen something else meanwhile.
    set({ ...readKept(), ...change });
    const { set: _, ...kept } = get();
    writeLocal("preferences", JSON.stringify(kept));
  },
}));

/** Takes what was kept, and what other tabs choose, until it is stopped: the one that leads acts on it at once. */
export function startPreferences(): () => void {
  const take = () => usePreferences.setState(readKept());
  const hear = ({ key }: StorageEvent) => {
    if (key === localKey("preferences")) take();
  };
  take();
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}

/** Anything that is not of the expected kind is ignored. */
function readKept(): Partial<Preferences> {
  const kept = parse(readLocal("preferences"));
  const known = Object.entries(initial).flatMap(([key, value]) =>
    typeof kept[key] === typeof value ? [[key, kept[key]]] : [],
  );
  const read = Object.fromEntries(known) as Partial<Preferences>;
  // Of a word that nobody knows, the careful one is made.
  if (read.noticeContent && !["text", "name"].includes(read.noticeContent)) read.noticeContent = "nothing";
  return read;
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
