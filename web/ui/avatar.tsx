import { memo } from "react";
import { avatarShape } from "./avatar-shape.ts";
import { cx } from "./cx.ts";

interface AvatarProps {
  /** Public ID. */
  seed: string;
  size?: number;
  /** A thin ring when the person is verified; a thick red one with a mark when their keys changed. */
  ring?: "verified" | "changed" | undefined;
  className?: string;
}

/** Decorative beside a name: screen readers hear the name. */
export const Avatar = memo(function Avatar({ seed, size = 44, ring, className }: AvatarProps) {
  const shape = avatarShape(seed);
  return (
    <span
      aria-hidden
      className={cx("relative inline-block shrink-0 rounded-full", className)}
      style={{
        width: size,
        height: size,
        boxShadow:
          ring === "verified"
            ? "0 0 0 2px var(--paper), 0 0 0 3.5px var(--good)"
            : ring === "changed"
              ? "0 0 0 2px var(--paper), 0 0 0 5px var(--bad)"
              : undefined,
      }}
    >
      <svg aria-hidden="true" viewBox="0 0 100 100" width={size} height={size} className="block rounded-full">
        <rect width="100" height="100" fill={`oklch(0.9 0.045 ${shape.hue})`} />
        <path d={shape.outer} fill={`oklch(0.56 0.115 ${shape.hue})`} />
        <path d={shape.inner} fill={`oklch(0.84 0.085 ${shape.hue2})`} />
        <circle cx="50" cy="50" r={shape.heart} fill={`oklch(0.4 0.1 ${shape.hue})`} />
      </svg>
      {ring === "changed" && (
        // Not by colour alone.
        <svg
          aria-hidden="true"
          viewBox="0 0 20 20"
          width={size * 0.44}
          height={size * 0.44}
          className="absolute -right-[12%] -bottom-[12%]"
        >
          <circle cx="10" cy="10" r="9" fill="var(--bad)" stroke="var(--paper)" strokeWidth="2" />
          <path d="M10 5.2v5.6M10 14.4v.2" stroke="var(--on-bad)" strokeWidth="2.4" strokeLinecap="round" />
        </svg>
      )}
    </span>
  );
});
