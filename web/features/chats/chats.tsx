"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { parsePlace, useHash } from "../../lib/hash.ts";
import { useMediaQuery, wideScreen } from "../../lib/media-query.ts";
import { onDemand } from "../../lib/on-demand.ts";
import { cx } from "../../ui/cx.ts";
import { ChatList } from "./chat-list.tsx";
import { useChats } from "./model.ts";

const ConversationPane = onDemand(() => import("../conversation/conversation-pane.tsx"));
const PersonPane = onDemand(() => import("../contacts/person-pane.tsx"));
const CardPane = onDemand(() => import("./card-pane.tsx"));

/** List and conversation beside each other; on a phone one after the other. */
export function Chats() {
  const t = useTranslations("chats");
  const place = parsePlace(useHash());
  const wide = useMediaQuery(wideScreen);
  const listed = useChats((state) => state.loaded);
  useEffect(() => {
    // Who sees the list opens a conversation next.
    if (listed) ConversationPane.preload();
  }, [listed]);
  return (
    <div className="flex h-full">
      {/* On a phone the list is the page; the same element in both cases keeps its search and its place. */}
      <div role={place || wide ? undefined : "main"} className="contents">
        <ChatList className={cx("w-full wide:w-80 wide:border-r wide:border-hairline", place && "max-wide:hidden")} />
      </div>
      {(place || wide) && (
        <main className={cx("min-w-0 flex-1", !place && "max-wide:hidden")}>
          {/* Beside the list its heading leads the page; alone on a phone the pane needs one of its own. */}
          {place && <h1 className="sr-only wide:hidden">{t("title")}</h1>}
          {place && "conversation" in place ? (
            <ConversationPane key={place.conversation} id={place.conversation} />
          ) : place ? (
            <PersonPane publicId={place.person} />
          ) : (
            <CardPane />
          )}
        </main>
      )}
    </div>
  );
}
