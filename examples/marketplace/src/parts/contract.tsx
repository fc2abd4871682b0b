/** The words of an agreement, exactly as they are signed. */
export function Contract({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which has to be possible by keyboard
    <pre className="contract" tabIndex={0}>
      {text}
    </pre>
  );
}
