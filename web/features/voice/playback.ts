import { create } from "zustand";
import type { MessageId } from "../../lib/types.ts";
import { isVoiceFormat } from "./limits.ts";

export const speeds = [1, 1.5, 2] as const;
export type Speed = (typeof speeds)[number];

interface PlaybackState {
  /** The message that plays or is paused; one at a time in the whole app. */
  id: MessageId | undefined;
  state: "loading" | "playing" | "paused" | "failed";
  /** Seconds into it. */
  at: number;
  speed: Speed;
}

export interface Voice {
  id: MessageId;
  seconds: number;
  mime: string;
  /** Fetched when it is first played. */
  load(): Promise<Uint8Array>;
}

export const usePlayback = create<PlaybackState>(() => ({ id: undefined, state: "paused", at: 0, speed: 1 }));

let element: HTMLAudioElement | undefined;
let address: string | undefined;

/** Plays, or pauses what plays. A second press while it opens changes nothing. */
export async function togglePlay(voice: Voice): Promise<void> {
  const { id, state, at } = usePlayback.getState();
  if (id !== voice.id || state === "failed") return play(voice, id === voice.id ? at : 0);
  if (state === "playing") element?.pause();
  else if (state === "paused") await start();
}

/** Moves to a second; a message that is not open yet is opened and plays from there. */
export async function seek(voice: Voice, seconds: number): Promise<void> {
  const at = Math.min(Math.max(0, seconds), voice.seconds);
  const { id, state } = usePlayback.getState();
  if (id !== voice.id || state === "failed") return play(voice, at);
  if (element) element.currentTime = at;
  usePlayback.setState({ at });
}

export function nextSpeed(): void {
  const { speed } = usePlayback.getState();
  const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
  usePlayback.setState({ speed: next });
  if (element) element.playbackRate = next;
}

/** Silence, and nothing of the sound is kept. */
export function stopPlayback(): void {
  element?.pause();
  element = undefined;
  if (address) URL.revokeObjectURL(address);
  address = undefined;
  usePlayback.setState({ id: undefined, state: "paused", at: 0 });
}

async function play(voice: Voice, at: number): Promise<void> {
  stopPlayback();
  usePlayback.setState({ id: voice.id, state: "loading", at });
  const current = () => usePlayback.getState().id === voice.id;
  try {
    if (!isVoiceFormat(voice.mime)) throw new TypeError("not a voice format");
    const bytes = await voice.load();
    if (!current()) return;
    address = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: voice.mime }));
    element = open(address, voice);
    element.currentTime = usePlayback.getState().at; // it may have been moved meanwhile
    await start();
  } catch {
    if (current()) usePlayback.setState({ state: "failed" });
  }
}

async function start(): Promise<void> {
  const { speed } = usePlayback.getState();
  if (!element) return;
  await element.play();
  element.playbackRate = speed; // some browsers forget it when a source is opened
}

function open(source: string, voice: Voice): HTMLAudioElement {
  const audio = new Audio(source);
  audio.preload = "auto";
  audio.onplaying = () => usePlayback.setState({ state: "playing" });
  audio.onpause = () => usePlayback.getState().state === "playing" && usePlayback.setState({ state: "paused" });
  audio.ontimeupdate = () => usePlayback.setState({ at: Math.min(audio.currentTime, voice.seconds) });
  audio.onended = () => usePlayback.setState({ state: "paused", at: 0 });
  audio.onerror = () => element === audio && usePlayback.setState({ state: "failed" });
  return audio;
}
