import { useEffect } from "react";
import { useStore } from "zustand";
import type { ConversationId, Message } from "../../lib/types.ts";
import { type CardDraft, cardFor, draftOf } from "../link-card/draft.ts";
import { findLinkIn } from "../link-card/use-found-link.ts";
import type { Mentionable } from "../markdown/types.ts";
import { mentionsIn } from "../mention/mention.ts";
import { editableMs } from "../message/actions.ts";
import { afterSend, type ComposerState, cancelMode, startEdit, whatToSend } from "../message/composer-mode.ts";
import type { VoiceClip } from "../voice/recorder.ts";
import { keepDraft, readDraft } from "./drafts.ts";
import type { ConversationModel } from "./model.ts";

/** What is being written, and the sending of it. */
export function useComposer(model: ConversationModel, id: ConversationId, people: readonly Mentionable[]) {
  const state = useStore(model.composer);
  const put = (next: ComposerState) => {
    model.composer.setState(next, true);
    const { mode, text, card, draft, draftCard } = next;
    keepDraft(id, mode.kind === "edit" ? { text: draft, card: draftCard } : { text, card });
  };

  useEffect(() => {
    let current = true;
    void readDraft(id).then((draft) => {
      if (current && draft.text && !model.composer.getState().text) model.composer.setState(draft);
    });
    return () => {
      current = false;
    };
  }, [model, id]);

  const change = (text: string) => {
    put({ ...model.composer.getState(), text });
    if (text.trim()) model.typing();
  };

  const hand = async ({ mode, card }: ComposerState, text: string) => {
    const mentions = mentionsIn(text, people);
    const link = card && cardFor(await findLinkIn(text), card);
    const options = { ...(mentions.length > 0 ? { mentions } : {}), ...(link ? { link } : {}) };
    if (mode.kind === "edit") return model.act((conversation) => conversation.edit(mode.id, text, options));
    return model.send(text, mode.kind === "reply" ? { ...options, replyTo: mode.to.id } : options);
  };

  const send = async () => {
    const before = model.composer.getState();
    const what = whatToSend(before);
    if (what.kind === "nothing") return;
    put(afterSend(before));
    if (!("text" in what) || (await hand(before, what.text))) return;
    // What was typed is not lost; what was typed meanwhile neither.
    const { text: meanwhile, card: draftCard } = model.composer.getState();
    if (before.mode.kind === "edit") put({ ...before, draft: meanwhile, draftCard });
    else put({ ...before, text: meanwhile ? `${what.text}\n${meanwhile}` : what.text });
  };

  return {
    state,
    change,
    setCard(card: CardDraft | undefined) {
      put({ ...model.composer.getState(), card });
    },
    send,
    cancel: () => put(cancelMode(model.composer.getState())),
    /** Arrow up in an empty field: the last own words, for a day. */
    editLast(): boolean {
      const now = model.composer.getState();
      if (now.mode.kind !== "write" || now.text) return false;
      const last = model.store.getState().messages.findLast(isMineToEdit);
      if (last?.body.type !== "text") return false;
      put(startEdit(now, last.id, last.body.text, draftOf(last.link)));
      return true;
    },
    async sendVoice(clip: VoiceClip) {
      const { mode } = model.composer.getState();
      const options = mode.kind === "reply" ? { replyTo: mode.to.id } : {};
      const taken = await model.sendVoice(clip, options);
      if (taken && mode.kind === "reply") put(cancelMode(model.composer.getState()));
    },
  };
}

const isMineToEdit = ({ outgoing, body, delivery, at }: Message) =>
  outgoing && body.type === "text" && delivery !== "failed" && delivery !== "sending" && Date.now() - at < editableMs;
