import { useCallback, useEffect, useMemo, useState } from "react";
import { codeOf } from "./errors.ts";
import { Board } from "./pages/board.tsx";
import { HirePage } from "./pages/hire.tsx";
import { JobPage } from "./pages/job.tsx";
import { MePage, PersonPage } from "./pages/me.tsx";
import { EditPage, PostPage } from "./pages/post.tsx";
import { TalkPage } from "./pages/talk.tsx";
import { TalksPage } from "./pages/talks.tsx";
import { Show } from "./parts/show.tsx";
import { openSession, type Session, SessionContext, walletOf, whoAmI } from "./session.ts";
import { type Loaded, useRoute } from "./use.ts";
import { dictionaries, type Locale, WordsContext } from "./words/index.ts";

const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

export function App() {
  const [locale, setLocale] = useState<Locale>(navigator.language.startsWith("zh") ? "zh-CN" : "en");
  const [theme, setTheme] = useState(isDark() ? "dark" : "light");
  const words = dictionaries[locale];
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dataset.theme = theme;
    document.title = words.name;
  }, [locale, theme, words]);
  const route = useRoute();
  const tab = (name: string) => ((route[0] ?? "") === name ? ("page" as const) : undefined);
  return (
    <WordsContext value={{ words, locale }}>
      <header className="bar">
        <a className="brand" href="#/">
          <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" />
            <path d="M9 13h14v10H9zM13 13v-3h6v3" />
          </svg>
          <span>{words.name}</span>
        </a>
        <nav aria-label={words.name}>
          <a href="#/" aria-current={tab("")}>
            {words.nav.jobs}
          </a>
          <a href="#/post" aria-current={tab("post")}>
            {words.nav.post}
          </a>
          <a href="#/talks" aria-current={tab("talks")}>
            {words.nav.talks}
          </a>
          <a href="#/me" aria-current={tab("me")}>
            {words.nav.me}
          </a>
        </nav>
        <span className="switches">
          <button type="button" className="quiet" onClick={() => setLocale(locale === "en" ? "zh-CN" : "en")}>
            {words.nav.language}
          </button>
          <button type="button" className="quiet" onClick={() => setTheme(theme === "dark" ? "light" : "dark")}>
            {theme === "dark" ? words.nav.light : words.nav.dark}
          </button>
        </span>
      </header>
      <Connected route={route} />
    </WordsContext>
  );
}

type Opened = Pick<Session, "chain" | "client" | "me">;

/** One client for the life of the page. */
let opening: Promise<Opened> | undefined;

function Connected({ route }: { route: string[] }) {
  const [opened, setOpened] = useState<Loaded<Opened>>({ state: "loading" });
  const open = useCallback(() => {
    setOpened({ state: "loading" });
    opening ??= openSession();
    opening.then(
      (value) => setOpened({ state: "ready", value }),
      (error) => {
        opening = undefined;
        setOpened({ state: "failed", code: codeOf(error) });
      },
    );
  }, []);
  useEffect(open, [open]);
  const session = useMemo<Session | undefined>(() => {
    if (opened.state !== "ready") return undefined;
    const { chain, client, me } = opened.value;
    return {
      ...{ chain, client, me },
      wallet: () => walletOf(client),
      refresh: async () => {
        const now = { chain, client, me: await whoAmI(chain, client) };
        setOpened({ state: "ready", value: now });
      },
    };
  }, [opened]);
  return (
    <Show of={session ? { state: "ready", value: session } : (opened as Loaded<never>)} again={open}>
      {(value) => (
        <SessionContext value={value}>
          <Page route={route} />
        </SessionContext>
      )}
    </Show>
  );
}

const numberIn = (part: string | undefined): bigint => (/^[0-9]{1,18}$/.test(part ?? "") ? BigInt(part ?? 0) : 0n);

function Page({ route: [page, part] }: { route: string[] }) {
  switch (page) {
    case "job":
      return <JobPage key={part} id={numberIn(part)} />;
    case "post":
      return <PostPage />;
    case "edit":
      return <EditPage key={part} id={numberIn(part)} />;
    case "talks":
      return <TalksPage />;
    case "talk":
      return <TalkPage key={part} id={part ?? ""} />;
    case "hire":
      // Links of before have the agreement's id; the hires are all there.
      if (part?.startsWith("0x")) return <MePage />;
      return <HirePage key={part} jobId={numberIn(part)} />;
    case "me":
      return <MePage />;
    case "person":
      return <PersonPage key={part} id={numberIn(part)} />;
    default:
      return <Board />;
  }
}
