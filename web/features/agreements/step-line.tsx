"use client";
import { Ban, CircleAlert, Clock3, FileCheck, PenLine, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import type { AgreementStep, AgreementView, ErrorCode, Message, MessageId, Told } from "../../lib/types.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { actWords } from "./act-words.ts";
import type { AgreementWords } from "./use-agreement-words.ts";

interface StepLineProps {
  message: Message;
  step: AgreementStep;
  view: AgreementView | undefined;
  /** It was looked for, and there is no such agreement. */
  isNone: boolean;
  words: AgreementWords;
  onOpen(): void;
}

/** Whether what a message says is so: as far as this device has found out. */
function truthOf(view: AgreementView | undefined, { id }: Message, step: AgreementStep): Told {
  const event = step.did === "acted" ? view?.events.find(({ message }) => message === id) : undefined;
  return event?.state ?? view?.told[id] ?? "open";
}

/** The number of the version of which a message brought the text. */
const versionOf = (view: AgreementView | undefined, message: MessageId): number | undefined =>
  view?.versions.find(({ id }) => id === view.texts[message])?.number;

const icons = { signed: PenLine, declined: Ban, concluded: FileCheck, acted: Wallet } as const;

/** A text that another version of this program kept. Nothing can be opened, and everything else goes on. */
function Unreadable({ name, code }: { name: string; code: string }) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  return (
    <div className="flex w-72 max-w-full items-start gap-2.5 rounded-lg border border-hairline bg-float px-3.5 py-2.5 text-13">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <span className="min-w-0 flex-1">
        <span className="block [overflow-wrap:anywhere]">{t("unreadable", { name })}</span>
        <span className="mt-1 block text-bad">{errorText(code as ErrorCode)}</span>
      </span>
    </div>
  );
}

/** One step of an agreement, told in a line. What the chain does not confirm is said to be no more than words. */
export function StepLine({ message, step, view, isNone, words, onOpen }: StepLineProps) {
  const t = useTranslations("agreements");
  const truth = isNone ? "false" : truthOf(view, message, step);
  if (step.did === "proposed" || step.did === "changed") return null;
  if (step.did === "unreadable") return <Unreadable name={words.who(message.from)} code={step.problem.code} />;
  const Icon = truth === "false" ? CircleAlert : truth === "open" ? Clock3 : icons[step.did];
  const name = words.who(message.from);
  const version = step.did === "signed" ? versionOf(view, step.version) : undefined;
  const say = (): string => {
    if (step.did === "acted") return actWords(t, words, view, step.act, name);
    if (step.did === "signed" && version !== undefined && (view?.versions.length ?? 0) > 1)
      return t("line.signedVersion", { name, number: version });
    return t(`line.${step.did}`, { name });
  };
  const text =
    step.did === "declined" ? step.note : step.did === "acted" && "text" in step.act ? step.act.text : undefined;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="pressable flex w-72 max-w-full items-start gap-2.5 rounded-lg border border-hairline bg-float px-3.5 py-2.5 text-left text-13 hover:bg-raised"
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${truth === "false" ? "text-bad" : "text-ink-faint"}`} />
      <span className="min-w-0 flex-1">
        <span className="block [overflow-wrap:anywhere]">{say()}</span>
        {text && (
          <span className="mt-1 line-clamp-4 block whitespace-pre-wrap text-ink-soft [overflow-wrap:anywhere]">
            {text}
          </span>
        )}
        {truth !== "true" && (
          <span className={truth === "false" ? "mt-1 block text-bad" : "mt-1 block text-wait"}>
            {t(isNone ? "notOne" : truth === "open" ? "truth.open" : `untrue.${step.did}`)}
          </span>
        )}
      </span>
    </button>
  );
}
