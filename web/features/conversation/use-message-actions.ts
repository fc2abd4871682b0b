import { useTranslations } from "next-intl";
import { toast } from "sonner";
import type { ConversationSummary, Message } from "../../lib/types.ts";
import { draftOf } from "../link-card/draft.ts";
import { type ActionInput, actionsOf, canReact, type MessageAction } from "../message/actions.ts";
import { startEdit, startReply } from "../message/composer-mode.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { useIdentity } from "../session/use-client.ts";
import { silenceOf } from "./can-write.ts";
import type { ConversationModel } from "./model.ts";

/** What can be done with a message here, and the doing: everything that `MessageActions` wants to know. */
export function useMessageActions(message: Message, model: ConversationModel, summary: ConversationSummary) {
  const t = useTranslations("message");
  const me = useIdentity().publicId;
  const moneyWords = useMoneyWords();
  const { id, from, body, outgoing, starred } = message;
  const group = summary.kind === "group" ? summary.group : undefined;
  const pinned = group?.pinned.includes(id) ?? false;
  const input: ActionInput = {
    kind: body.type,
    outgoing,
    at: message.at,
    delivery: message.delivery,
    silent: body.type === "voice" && message.sharedBy !== undefined,
    canWrite: canWrite(summary),
    ...(group?.role ? { role: group.role === "member" ? "member" : "admin" } : {}),
  };
  const text = body.type === "text" ? body.text : "";
  const preview = text || (moneyWords(body) ?? t("voice"));

  const onAction = (action: MessageAction) => {
    switch (action) {
      case "reply":
        return model.composer.setState((now) => startReply(now, { id, from, preview }), true);
      case "edit":
        return model.composer.setState((now) => startEdit(now, id, text, draftOf(message.link)), true);
      case "copy":
        return void navigator.clipboard.writeText(text).then(
          () => toast(t("copied")),
          () => toast(t("notCopied")),
        );
      case "forward":
        return model.store.setState({ asking: { kind: "forward", id } });
      case "star":
        return void model.act((conversation) => conversation.star(id, !starred));
      case "pin":
        return void model.act(async ({ group: actions }) => actions?.pin(id, !pinned));
      case "delete-for-me":
      case "delete-for-everyone":
        return model.store.setState({ asking: { kind: "delete", id, forEveryone: action === "delete-for-everyone" } });
    }
  };
  return {
    actions: actionsOf(input, Date.now()),
    outgoing,
    starred: starred === true,
    pinned,
    mine: message.reactions?.find(({ people }) => people.includes(me))?.emoji,
    onReact: canReact(input)
      ? (emoji: string | null) => void model.act((conversation) => conversation.react(id, emoji))
      : undefined,
    onAction,
  };
}

function canWrite(summary: ConversationSummary): boolean {
  if (silenceOf(summary)) return false;
  return summary.kind === "group" || (summary.contact.state === "connected" && !summary.contact.problem);
}
