"use client";
import { ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { createElement, Fragment, memo, type ReactNode, useMemo } from "react";
import type { PublicId } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { parseMarkdown } from "./parse.ts";
import type { Block, Inline, Mentionable } from "./types.ts";

export interface MarkdownProps {
  text: string;
  /** Who was mentioned in this message. */
  people?: readonly Mentionable[];
  /** A mention of oneself stands out. */
  me?: PublicId | undefined;
}

const nobody: readonly Mentionable[] = [];

/** The text of a message. Elements only, never HTML; every run is isolated, so no direction leaks into its neighbours. */
export const Markdown = memo(function Markdown({ text, people = nobody, me }: MarkdownProps) {
  const blocks = useMemo(() => parseMarkdown(text, people), [text, people]);
  return showBlocks(blocks, me);
});

/** Pieces of a text have no identity but their place. */
const inOrder = (nodes: ReactNode[]) => createElement(Fragment, null, ...nodes);

function showBlocks(blocks: readonly Block[], me: PublicId | undefined): ReactNode {
  return inOrder(blocks.map((block, index) => showBlock(block, index > 0 && "mt-1.5", me)));
}

function showBlock(block: Block, gap: string | false, me: PublicId | undefined): ReactNode {
  switch (block.kind) {
    case "text":
      return (
        <p dir="auto" className={cx("[overflow-wrap:anywhere] whitespace-pre-wrap", gap)}>
          {showInlines(block.inlines, me)}
        </p>
      );
    case "code":
      return <CodeBlock text={block.text} className={gap} />;
    case "quote":
      return (
        <blockquote className={cx("border-l-[3px] border-edge pl-3 text-ink-soft", gap)}>
          {showBlocks(block.blocks, me)}
        </blockquote>
      );
    case "list": {
      const items = inOrder(block.items.map((item) => showItem(item, me)));
      return block.start === undefined ? (
        <ul className={cx("list-disc pl-5", gap)}>{items}</ul>
      ) : (
        <ol start={block.start} className={cx("tabular list-decimal pl-7", gap)}>
          {items}
        </ol>
      );
    }
  }
}

function showItem(item: readonly Inline[], me: PublicId | undefined): ReactNode {
  return (
    <li dir="auto" className="[overflow-wrap:anywhere] pl-0.5">
      {showInlines(item, me)}
    </li>
  );
}

function showInlines(inlines: readonly Inline[], me: PublicId | undefined): ReactNode {
  return inOrder(inlines.map((piece) => showInline(piece, me)));
}

function showInline(piece: Inline, me: PublicId | undefined): ReactNode {
  switch (piece.kind) {
    case "text":
      return <bdi>{piece.text}</bdi>;
    case "strong":
      return <strong className="font-semibold">{showInlines(piece.children, me)}</strong>;
    case "em":
      return <em>{showInlines(piece.children, me)}</em>;
    case "strike":
      return <s>{showInlines(piece.children, me)}</s>;
    case "code":
      return (
        <code dir="ltr" className="rounded-[4px] bg-ink/7 px-1 py-0.5 font-mono text-[0.9em] [unicode-bidi:isolate]">
          {piece.text}
        </code>
      );
    case "link":
      return <SafeLink piece={piece} />;
    case "unsafe":
      return <UnsafeLink piece={piece} />;
    case "mention":
      return (
        <bdi
          className={cx(
            "rounded-[4px] font-medium",
            piece.publicId === me ? "bg-accent px-1 text-on-accent" : "text-accent-ink",
          )}
        >
          {piece.text}
        </bdi>
      );
  }
}

function CodeBlock({ text, className }: { text: string; className: string | false }) {
  const t = useTranslations("markdown");
  return (
    <figure
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls sideways has to be reachable by keyboard
      tabIndex={0}
      aria-label={t("code")}
      className={cx("max-w-full overflow-x-auto rounded-sm bg-ink/7 px-3 py-2", className)}
    >
      <pre className="font-mono text-13 leading-normal">
        <code>{text}</code>
      </pre>
    </figure>
  );
}

function SafeLink({ piece }: { piece: Extract<Inline, { kind: "link" }> }) {
  return (
    <>
      <a
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent-ink underline underline-offset-2"
      >
        <bdi>{piece.text}</bdi>
      </a>
      {piece.host && (
        <bdi dir="ltr" className="text-13 text-ink-soft">
          {` (${piece.host})`}
        </bdi>
      )}
    </>
  );
}

function UnsafeLink({ piece }: { piece: Extract<Inline, { kind: "unsafe" }> }) {
  const t = useTranslations("markdown");
  return (
    <>
      <bdi dir="ltr">{piece.text}</bdi>{" "}
      <span className="inline-block align-baseline">
        <Chip tone="bad" icon={<ShieldAlert aria-hidden />}>
          {t(piece.reason)}
        </Chip>
      </span>
    </>
  );
}
