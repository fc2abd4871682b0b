import { formatAmount } from "@skrumble/sdk";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { codeOf } from "./errors.ts";
import { keepWords, wordsOf } from "./kept.ts";
import { useSession } from "./session.ts";
import { isSkm } from "./skm.ts";
import { follow, type Progressing, type Signs } from "./stages.ts";
import { useWords } from "./words/index.ts";

export type Loaded<T> = { state: "loading" } | { state: "failed"; code: string } | { state: "ready"; value: T };

/**
 * Loads when the page opens, and again every `everyMs` where that is given. What is there stays while it is loaded anew.
 * `key` names what is loaded: another one begins from nothing.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs?: number) {
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<{ key: string; round: number; loaded: Loaded<T> }>();
  const loader = useRef(load);
  loader.current = load;
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (loaded: Loaded<T>) => {
      // What was shown is better than nothing while the network is away.
      const keeps = (before: typeof found) => before?.key === key && before.loaded.state === "ready";
      setFound((before) => (loaded.state === "failed" && keeps(before) ? before : { key, round, loaded }));
    };
    const go = async () => {
      try {
        const value = await loader.current(stop.signal);
        if (!stop.signal.aborted) show({ state: "ready", value });
      } catch (error) {
        if (!stop.signal.aborted) show({ state: "failed", code: codeOf(error) });
      }
      if (everyMs && !stop.signal.aborted) timer = setTimeout(go, everyMs);
    };
    void go();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, everyMs, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  // Whoever tries again sees that something happens.
  const stale = found === undefined || found.key !== key || (found.loaded.state === "failed" && found.round !== round);
  const loaded: Loaded<T> = stale ? { state: "loading" } : found.loaded;
  return { loaded, again };
}

export type Acting = ReturnType<typeof useAct>;

/** Something a person does: at most once at a time, its failure said where it was done. */
export function useAct() {
  const [{ stage, code }, tell] = useState<Progressing>({ stage: "idle" });
  const busy = stage === "working" || stage === "sending";
  const act = async (work: (signs: Signs) => Promise<void>) => {
    if (!busy) await follow(work, tell);
  };
  /** The chain has shown what became of it. */
  const clear = useCallback(() => tell((before) => (before.stage === "doubt" ? { stage: "idle" } : before)), []);
  return { stage, busy, code, act, clear };
}

/** Words that are typed, kept until `arrived`: a failure or a closed tab loses none of them. `of` says where they belong. */
export function useDraft(of: string) {
  const { client } = useSession();
  const [text, setText] = useState("");
  const typed = useRef(false);
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    let gone = false;
    wordsOf(client, of).then(
      (words) => {
        if (words !== undefined && !gone && !typed.current) setText(words);
      },
      // What cannot be read is typed again.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [client, of]);
  const type = (words: string) => {
    typed.current = true;
    newest.current = words;
    setText(words);
    void keepWords(client, of, words);
  };
  /** The `text` beside it arrived. What was typed since has not. */
  const arrived = () => {
    if (newest.current === text) type("");
  };
  return { text, type, arrived };
}

const listen = (change: () => void) => {
  window.addEventListener("hashchange", change);
  return () => window.removeEventListener("hashchange", change);
};

/** The path behind the `#`, in parts. */
export const useRoute = (): string[] =>
  useSyncExternalStore(listen, () => window.location.hash)
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean);

export const go = (path: string): void => {
  window.location.hash = path;
};

export function useFormats() {
  const { words, locale } = useWords();
  const { chain } = useSession();
  return {
    /** What somebody calls a token is not shown: it could call itself SKM. */
    amount: (units: bigint, asset: { token: string; decimals: number }) =>
      `${formatAmount(units, asset.decimals, locale)} ${isSkm(chain, asset) ? "SKM" : words.job.otherToken(asset.token)}`,
    day: (seconds: number) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(seconds * 1000),
    time: (millis: number) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(millis),
    stars: (average: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(average),
  };
}

/** Items of a list that are named by their place in it, which never changes. */
export const placed = <T extends object>(items: readonly T[]): (T & { place: number })[] =>
  items.map((item, place) => ({ ...item, place }));
