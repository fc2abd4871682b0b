/**
 * A face for a pseudonym: a rosette grown from the public ID. Two layers of r(θ) = 1 + a·cos(kθ+φ) + b·cos(2kθ), so that
 * number of petals, depth, turn and two colours differ from person to person and stay readable at 24 px.
 */
export interface AvatarShape {
  outer: string;
  inner: string;
  heart: number;
  hue: number;
  hue2: number;
}

const points = 72;
/** How far, in degrees, the second colour lies from the first. */
const contrasts = [48, 120, 160, 200, 240, 312];

/** Same ID, same shape, on every device. `seed` is the public ID or any text. */
export function avatarShape(seed: string): AvatarShape {
  const next = numbers(seed);
  const hue = Math.floor(next() * 18) * 20;
  const hue2 = (hue + (contrasts[Math.floor(next() * contrasts.length)] ?? 180)) % 360;
  const petals = 3 + Math.floor(next() * 6);
  const depth = 0.14 + next() * 0.24;
  const wave = (next() - 0.5) * 0.26;
  const turn = next() * Math.PI * 2;
  const innerPetals = next() < 0.5 ? petals : 2 + Math.floor(next() * 5);
  const innerDepth = 0.1 + next() * 0.3;
  const innerTurn = turn + (next() < 0.5 ? Math.PI / petals : 0);
  return {
    outer: rosette(39, petals, depth, wave, turn),
    inner: rosette(21 + next() * 5, innerPetals, innerDepth, 0, innerTurn),
    heart: 3.5 + next() * 4.5,
    hue,
    hue2,
  };
}

function rosette(radius: number, petals: number, depth: number, wave: number, turn: number): string {
  const peak = 1 + depth + Math.abs(wave);
  const steps = Array.from({ length: points }, (_, step) => {
    const angle = (step / points) * Math.PI * 2;
    const reach = (1 + depth * Math.cos(petals * angle) + wave * Math.cos(2 * petals * angle)) / peak;
    const x = 50 + radius * reach * Math.cos(angle + turn);
    const y = 50 + radius * reach * Math.sin(angle + turn);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${steps.join("L")}Z`;
}

/** A small deterministic stream in [0, 1): FNV-1a to mix, xorshift to run. Shape only, no secrets. */
function numbers(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed.toLowerCase()) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  state = state || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) % 65_536) / 65_536;
  };
}
