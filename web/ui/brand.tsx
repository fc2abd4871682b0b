/** The mark: a door ajar whose frame is a speech bubble. Also the source of the icons (scripts/icons.ts). */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" fill="none">
      <path d="M5 29.5V14a11 11 0 0 1 22 0v8.5a4 4 0 0 1-4 4H10.2L5 29.5Z" fill="var(--accent)" />
      <path d="M11.5 21.5V14a4.5 4.5 0 0 1 9 0v7.5h-9Z" fill="var(--accent-soft)" />
      <path d="M11.5 21.5V14c0-2.2 1.5-4 3.6-4.4l2.4 2.1v12.1l-6-2.3Z" fill="var(--paper)" />
      <circle cx="15.6" cy="16.6" r="0.95" fill="var(--accent)" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      <span className="text-17 font-semibold tracking-[-0.02em]">Skrumble</span>
    </span>
  );
}
