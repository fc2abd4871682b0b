"use client";
import { SendHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { wideScreen } from "../../lib/media-query.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { EmojiButton } from "../emoji/emoji-button.tsx";
import { CardEditor } from "../link-card/card-editor.tsx";
import { useFoundLink } from "../link-card/use-found-link.ts";
import type { Mentionable } from "../markdown/types.ts";
import { MentionList } from "../mention/mention-list.tsx";
import { useMention } from "../mention/use-mention.ts";
import { ReplyPreview } from "../message/reply-preview.tsx";
import { AttachButton } from "../money/attach-button.tsx";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { TimerChip } from "../timer/timer-chip.tsx";
import { RecordButton } from "../voice/record-button.tsx";
import { RecorderBar, RecorderProblem } from "../voice/recorder-bar.tsx";
import { useRecorder } from "../voice/use-recorder.ts";
import { useSilence } from "./can-write.ts";
import type { ConversationModel } from "./model.ts";
import { titleOf, useNameOf } from "./names.ts";
import { maySetTimer } from "./room-menu.tsx";
import { Silent } from "./silent.tsx";
import { useComposer } from "./use-composer.ts";
import { useGrowingField } from "./use-growing-field.ts";

interface ComposerProps {
  model: ConversationModel;
  summary: ConversationSummary;
  /** Opens the choice of how long messages stay. */
  onTimer(): void;
}

export function Composer(props: ComposerProps) {
  const silence = useSilence(props.summary);
  return silence ? <Silent silence={silence} summary={props.summary} /> : <OpenComposer {...props} />;
}

function OpenComposer({ model, summary, onTimer }: ComposerProps) {
  const t = useTranslations("conversation");
  const errorText = useErrorText();
  const error = useStore(model.store, (state) => state.error);
  const nameOf = useNameOf(summary);
  const people = useMentionable(summary);
  const { state, change, setCard, send, cancel, editLast, sendVoice } = useComposer(model, summary.id, people);
  const { text, mode, card } = state;
  const link = useFoundLink(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number>();
  const recorder = useRecorder();
  const [slide, setSlide] = useState(0);
  const speaking = recorder.state.phase !== "idle";
  const modeKey = mode.kind === "write" ? "" : mode.kind === "edit" ? mode.id : mode.to.id;
  useGrowingField(field, text, !speaking);

  // Once: a window that is made wider leaves the keyboard where it is, in a sheet for example.
  useEffect(() => {
    if (matchMedia(wideScreen).matches) field.current?.focus({ preventScroll: true });
  }, []);

  // An answer or an edit begins: the menu that began it gives the keyboard back first.
  useEffect(() => {
    if (!modeKey) return;
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [modeKey]);

  const moveTo = (at: number) => {
    setCaret(at);
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };
  const mention = useMention({
    people,
    text,
    caret,
    onComplete(next) {
      change(next.text);
      moveTo(next.caret);
    },
  });

  const submit = async () => {
    setCaret(undefined);
    await send();
    field.current?.focus();
  };

  /** Where the caret is, as on a keyboard. */
  const insert = (sign: string) => {
    const element = field.current;
    if (!element) return;
    const { selectionStart, selectionEnd } = element;
    change(text.slice(0, selectionStart) + sign + text.slice(selectionEnd));
    moveTo(selectionStart + sign.length);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mention.onKeyDown(event)) return;
    // While an input method composes (Chinese, Japanese), Enter chooses a word. 229 is what older browsers say then.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && mode.kind !== "write") cancel();
    else if (event.key === "Enter" && !event.shiftKey) void submit();
    else if (event.key !== "ArrowUp" || !editLast()) return;
    event.preventDefault();
  };

  return (
    <form
      className="shrink-0 px-3 pt-1 pb-[max(0.75rem,var(--safe-bottom))] wide:px-6"
      onSubmit={(event) => {
        // Sheets opened from here are elsewhere on the page, but their forms tell this one too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        void submit();
      }}
    >
      {error && (
        <p role="alert" className="anim-rise mb-2 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <RecorderProblem recorder={recorder} />
      <ReplyPreview mode={mode} nameOf={nameOf} onCancel={cancel} />
      {link && <CardEditor url={link} card={card} onChange={setCard} onDone={() => field.current?.focus()} />}
      {summary.timer > 0 && (
        <div className="mb-1.5">
          <TimerChip seconds={summary.timer} onChange={maySetTimer(summary) ? onTimer : undefined} />
        </div>
      )}
      <div className="pressable relative flex items-end rounded-lg border border-edge bg-float focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-soft)]">
        {speaking ? (
          <RecorderBar recorder={recorder} slide={slide} />
        ) : (
          <>
            <MentionList {...mention.list} />
            <AttachButton model={model} summary={summary} />
            <textarea
              ref={field}
              rows={1}
              aria-label={t("message")}
              aria-describedby="composer-hint"
              placeholder={t("placeholder", { name: titleOf(summary) })}
              value={text}
              onChange={(event) => {
                change(event.target.value);
                setCaret(event.target.selectionStart);
              }}
              onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
              onBlur={() => setCaret(undefined)}
              onKeyDown={onKeyDown}
              enterKeyHint="send"
              className="max-h-42 min-h-12 w-full resize-none bg-transparent py-3 pl-1 leading-6 outline-none!"
              {...mention.field}
            />
            <EmojiButton
              onPick={insert}
              onClosed={() => field.current?.focus()}
              className="pressable my-0.5 flex size-11 shrink-0 items-center justify-center rounded-[16px] text-ink-soft hover:bg-raised hover:text-ink"
            />
          </>
        )}
        {text.trim() || mode.kind === "edit" ? (
          <button
            type="submit"
            aria-label={t("send")}
            disabled={!text.trim()}
            className="pressable m-0.5 flex size-11 shrink-0 items-center justify-center rounded-[16px] bg-accent text-on-accent hover:bg-accent-strong disabled:bg-transparent disabled:text-ink-faint"
          >
            <SendHorizontal aria-hidden className="size-5" />
          </button>
        ) : (
          <RecordButton recorder={recorder} onClip={(clip) => void sendVoice(clip)} onSlide={setSlide} />
        )}
      </div>
      <p id="composer-hint" className="sr-only">
        {t("hintSend")}
      </p>
    </form>
  );
}

/** In a group everybody else can be mentioned; between two it goes without saying. */
function useMentionable(summary: ConversationSummary): readonly Mentionable[] {
  const me = useIdentity().publicId;
  const members = summary.kind === "group" ? summary.group.people : undefined;
  return useMemo(
    () =>
      (members ?? [])
        .filter(({ publicId }) => publicId !== me)
        .map(({ publicId, pseudonym }) => ({ publicId, name: pseudonym })),
    [members, me],
  );
}
