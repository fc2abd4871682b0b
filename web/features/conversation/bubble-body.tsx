"use client";
import { useMemo } from "react";
import type { Message, MessageBody } from "../../lib/types.ts";
import { LinkCard } from "../link-card/link-card.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import type { NameOf } from "../message/types.ts";
import { useIdentity } from "../session/use-client.ts";
import { SilentVoice } from "../voice/silent-voice.tsx";
import { VoiceMessage } from "../voice/voice-message.tsx";

interface BubbleBodyProps {
  message: Message;
  body: Extract<MessageBody, { type: "text" | "voice" }>;
  /** A few emoji, shown large. */
  bare: boolean;
  nameOf: NameOf;
  /** The sound of a voice message. */
  onLoad(): Promise<Uint8Array>;
}

/** The words or the sound. */
export function BubbleBody({ message, body, bare, nameOf, onLoad }: BubbleBodyProps) {
  const me = useIdentity().publicId;
  const { mentions } = message;
  const people = useMemo(
    () => (mentions ?? []).map((publicId) => ({ publicId, name: nameOf(publicId) })),
    [mentions, nameOf],
  );
  if (body.type === "voice") {
    const { seconds, mime, waveform } = body;
    if (message.sharedBy) return <SilentVoice seconds={seconds} />;
    return (
      <VoiceMessage
        voice={{ id: message.id, seconds, mime, load: onLoad }}
        waveform={waveform}
        name={nameOf(message.from)}
      />
    );
  }
  if (bare) return body.text;
  return (
    <>
      <Markdown text={body.text} people={people} me={me} />
      {message.link && <LinkCard card={message.link} by={message.outgoing ? undefined : nameOf(message.from)} />}
    </>
  );
}

export function isEmojiOnly(text: string): boolean {
  return text.length <= 24 && /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,12}$/u.test(text);
}
