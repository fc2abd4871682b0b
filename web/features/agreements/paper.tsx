"use client";

/** The text that is signed, as it is: its first line is the title, what people typed is set in. */
export function Paper({ text, language }: { text: string; language: string }) {
  const [title = "", made = "", ...lines] = text.split("\n");
  return (
    <article
      lang={language}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: often the only thing in an area that scrolls, which has to be reachable by keyboard
      tabIndex={0}
      className="rounded-md border border-hairline bg-paper px-4 py-4 text-13 leading-relaxed"
    >
      <h3 className="text-15 font-semibold">{title}</h3>
      <p className="text-12 text-ink-soft">{made}</p>
      <div className="mt-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {lines.map((line, index) => {
          const key = `${index} ${line}`;
          if (/^\d+\. /.test(line))
            return (
              <p key={key} className="mt-1 font-medium">
                {line}
              </p>
            );
          return line.startsWith("    ") ? (
            <p key={key} className="border-l-2 border-hairline pl-3">
              {line.slice(4)}
            </p>
          ) : (
            <p key={key}>{line || "\u00a0"}</p>
          );
        })}
      </div>
    </article>
  );
}
