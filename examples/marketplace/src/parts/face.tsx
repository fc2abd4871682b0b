/** A face grown from a public ID: the same wherever it is shown. */
export function Face({ id, size = 32 }: { id: string | undefined; size?: number }) {
  const bytes = (id ?? "").slice(2, 18).match(/../g) ?? [];
  const at = (index: number): number => Number.parseInt(bytes[index] ?? "40", 16);
  const hue = Math.round((at(0) / 256) * 360);
  return (
    <svg className="face" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="10" fill={`oklch(0.62 0.07 ${hue})`} />
      <circle cx={8 + (at(1) % 16)} cy={8 + (at(2) % 16)} r={6 + (at(3) % 6)} fill={`oklch(0.85 0.06 ${hue + 40})`} />
      <rect
        x={4 + (at(4) % 14)}
        y={4 + (at(5) % 14)}
        width={7 + (at(6) % 8)}
        height={7 + (at(6) % 8)}
        rx="3"
        fill={`oklch(0.4 0.06 ${hue + 160} / 0.85)`}
        transform={`rotate(${at(7)} 16 16)`}
      />
    </svg>
  );
}
