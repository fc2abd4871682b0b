"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { codeOf, PageError } from "../../lib/errors.ts";
import { placeHash } from "../../lib/hash.ts";
import type { ConversationId, ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ClosedDoor } from "../../ui/drawings.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useChats } from "../chats/model.ts";
import { GroupFace } from "../contacts/group-face.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { ask, useKnocks } from "./joins.ts";

interface Invitation {
  link: string;
  id: ConversationId;
  name: string;
}

/** A group's link was opened: what it leads to, and the question whether to knock. */
export function JoinPage() {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const router = useRouter();
  const { invitation, error } = useInvitation();
  const toChats = (
    <Button look="quiet" onClick={() => router.push("/chats/")}>
      {t("toChats")}
    </Button>
  );
  return (
    <main className="flex h-full flex-col items-center justify-center gap-3 overflow-y-auto px-6 py-10 text-center">
      {error ? (
        <>
          <div aria-hidden className="text-ink-faint">
            <ClosedDoor />
          </div>
          <h1 className="text-20 font-semibold">{t("badLink")}</h1>
          <p role="alert" className="max-w-88 text-balance text-ink-soft">
            {errorText(error)}
          </p>
          {toChats}
        </>
      ) : invitation ? (
        <Door {...invitation} away={toChats} />
      ) : (
        <Spinner label={t("opening")} />
      )}
    </main>
  );
}

function Door({ link, id, name, away }: Invitation & { away: ReactNode }) {
  const t = useTranslations("groups");
  const errorText = useErrorText();
  const router = useRouter();
  const client = useClient();
  const knock = useKnocks((state) => state.knocks[id]);
  const summary = useChats((state) => state.conversations[id]);
  const [asked, setAsked] = useState(false);
  const group = summary?.kind === "group" ? summary.group : undefined;
  const inside = group !== undefined && !group.left;
  const open = useCallback(() => router.replace(`/chats/${placeHash({ conversation: id })}`), [router, id]);
  useEffect(() => {
    if (inside && asked) open();
  }, [inside, asked, open]);
  const go = () => {
    setAsked(true);
    void ask(client, link, id, name);
  };

  const waiting = !inside && knock?.state === "waiting";
  const refused = !inside && knock?.state === "refused";
  const title = waiting ? t("waitingTitle") : refused ? t("refusedTitle") : t("invitedTo");
  const words = waiting ? t("waiting") : refused ? t("refused", { name }) : t(inside ? "already" : "linkIntro");
  return (
    <div className="anim-rise flex max-w-88 flex-col items-center gap-3">
      <GroupFace id={id} picture={group?.picture} size={88} />
      <p className="mt-1 text-13 text-ink-faint">{title}</p>
      <h1 className="max-w-full text-20 font-semibold [overflow-wrap:anywhere]">
        <bdi>{group?.name ?? name}</bdi>
      </h1>
      <p aria-live="polite" className="text-balance text-ink-soft">
        {words}
      </p>
      <div className="mt-3 flex flex-wrap justify-center gap-2">
        {inside ? (
          <Button look="primary" onClick={open}>
            {t("open")}
          </Button>
        ) : (
          <>
            {!waiting && (
              <Button look="primary" busy={knock?.state === "asking"} onClick={go}>
                {t(knock?.state === "asking" ? "asking" : refused ? "askAgain" : "ask")}
              </Button>
            )}
            {away}
          </>
        )}
      </div>
      <p role="alert" className="min-h-5 text-13 text-bad">
        {knock?.state === "failed" && errorText(knock.code)}
      </p>
    </div>
  );
}

/** Reads the link of the address and takes it out of there: who looks at the screen later learns no secret. */
function useInvitation() {
  const router = useRouter();
  const [found, setFound] = useState<{ invitation?: Invitation; error?: ErrorCode }>({});
  const seen = useRef(false);
  useEffect(() => {
    const read = async () => {
      if (location.hash.length < 2) return;
      const link = location.href;
      seen.current = true;
      history.replaceState(history.state, "", location.pathname);
      try {
        const { parseGroupLink } = await import("@skrumble/sdk");
        const parsed = parseGroupLink(link);
        if (!parsed) throw new PageError("LINK_INVALID");
        setFound({ invitation: { link, id: parsed.conversationId, name: parsed.name } });
      } catch (failed) {
        setFound({ error: codeOf(failed) });
      }
    };
    const onHash = () => void read();
    onHash();
    // After a reload the link is gone from the address; who waits is let in all the same.
    if (!seen.current) router.replace("/chats/");
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, [router]);
  return found;
}
