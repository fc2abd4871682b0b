import type { ReactNode } from "react";
import type { Acting, Loaded } from "../use.ts";
import { sentenceOf, useWords } from "../words/index.ts";

/** What is loaded, or that it is being loaded, or why it was not and a way to try again. */
export function Show<T>({
  of,
  again,
  children,
}: {
  of: Loaded<T>;
  again: () => void;
  children: (value: T) => ReactNode;
}) {
  const { words } = useWords();
  if (of.state === "ready") return children(of.value);
  if (of.state === "failed") {
    return (
      <section className="empty" role="alert">
        <p>{words.load.failed}</p>
        <p className="soft">{sentenceOf(words, of.code)}</p>
        <button type="button" onClick={again}>
          {words.load.again}
        </button>
      </section>
    );
  }
  return (
    <div className="slow" role="status" aria-label={words.load.busy}>
      <span />
      <span />
      <span />
    </div>
  );
}

/** Why an action did not work. */
export function Failure({ code }: { code: string | undefined }) {
  const { words } = useWords();
  return code ? (
    <p className="failure" role="alert">
      {sentenceOf(words, code)}
    </p>
  ) : null;
}

/** How far it is with something that the wallet signs: it is done when the chain has it, and not before. */
export function Progress({ of: { stage, code } }: { of: Acting }) {
  const { words } = useWords();
  if (stage === "working" || stage === "sending")
    return <p role="status">{stage === "working" ? words.load.busy : words.send.sending}</p>;
  if (stage === "idle" || code === undefined) return <Failure code={code} />;
  return (
    <p className="notice wait" role="alert">
      {words.send.doubt} {words.doubts[code] ?? sentenceOf(words, code)}
    </p>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <section className="empty">
      <svg width="88" height="56" viewBox="0 0 88 56" aria-hidden="true">
        <path d="M8 48h72M20 48V26h48v22M34 26v-8h20v8M20 36h48" />
      </svg>
      <p>{text}</p>
      {children}
    </section>
  );
}
