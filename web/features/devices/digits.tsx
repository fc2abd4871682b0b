/** Six digits to compare, in two groups that the eye can hold; read out one by one. */
export function Digits({ code, label }: { code: string; label: string }) {
  return (
    <p className="text-center">
      <span className="block text-13 text-ink-soft">{label}</span>
      <span
        role="img"
        data-testid="check-code"
        aria-label={[...code].join(" ")}
        className="tabular mt-1 block font-mono text-28 leading-tight font-semibold tracking-[0.06em]"
      >
        {code.slice(0, 3)} {code.slice(3)}
      </span>
    </p>
  );
}
