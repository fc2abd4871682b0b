"use client";
import { SendHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useMediaQuery, wideScreen } from "../../lib/media-query.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { keepDraft, readDraft } from "./drafts.ts";
import type { ConversationModel } from "./model.ts";

const tallest = 168;

function fit(element: HTMLTextAreaElement): void {
  element.style.height = "auto";
  element.style.height = `${Math.min(element.scrollHeight, tallest)}px`;
}

interface ComposerProps {
  model: ConversationModel;
  summary: ConversationSummary;
}

export function Composer({ model, summary }: ComposerProps) {
  const t = useTranslations("conversation");
  const contact = useTranslations("contact");
  const errorText = useErrorText();
  const error = useStore(model.store, (state) => state.error);
  const wide = useMediaQuery(wideScreen);
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const { id } = summary;
  const client = useClient();
  const blocked = summary.contact.state === "blocked";

  useEffect(() => {
    let current = true;
    void readDraft(id).then((draft) => current && draft && setText(draft));
    return () => {
      current = false;
    };
  }, [id]);

  useEffect(() => {
    if (wide) field.current?.focus({ preventScroll: true });
  }, [wide]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    if (field.current) fit(field.current);
  }, [text]);

  // A turned phone or a narrower window breaks the lines elsewhere.
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    let width = element.clientWidth;
    const watch = new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      fit(element);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const change = (next: string) => {
    setText(next);
    keepDraft(id, next);
    if (next.trim()) model.typing();
  };

  const send = async () => {
    const words = text.trim();
    if (!words) return;
    change("");
    const taken = await model.send(words);
    // What was typed is not lost; what was typed meanwhile neither.
    if (!taken) setText((meanwhile) => (meanwhile ? `${words}\n${meanwhile}` : words));
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes (Chinese, Japanese), Enter chooses a word. 229 is what older browsers say then.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };

  if (blocked) {
    return (
      <div className="flex flex-col items-center gap-2 border-t border-hairline px-5 py-4 text-13 text-ink-faint">
        <p>{contact("blockedText")}</p>
        <Button small look="outline" onClick={() => void client.contacts.unblock(summary.contact.publicId)}>
          {contact("unblock")}
        </Button>
      </div>
    );
  }
  return (
    <form
      className="shrink-0 px-3 pt-1 pb-[max(0.75rem,var(--safe-bottom))] wide:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error && (
        <p role="alert" className="anim-rise mb-2 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <div className="pressable flex items-end rounded-lg border border-edge bg-float focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-soft)]">
        <textarea
          ref={field}
          rows={1}
          aria-label={t("message")}
          aria-describedby="composer-hint"
          placeholder={t("placeholder", { name: summary.contact.pseudonym })}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          enterKeyHint="send"
          className="max-h-42 min-h-12 w-full resize-none bg-transparent py-3 pl-4 leading-6 outline-none!"
        />
        <button
          type="submit"
          aria-label={t("send")}
          disabled={!text.trim()}
          className={cx(
            "pressable m-0.5 flex size-11 shrink-0 items-center justify-center rounded-[16px]",
            text.trim() ? "bg-accent text-on-accent hover:bg-accent-strong" : "text-ink-faint",
          )}
        >
          <SendHorizontal aria-hidden className="size-5" />
        </button>
      </div>
      <p id="composer-hint" className="sr-only">
        {t("hintSend")}
      </p>
    </form>
  );
}
