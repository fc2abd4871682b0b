/**
 * Decodes one label of a host name behind "xn--" (RFC 3492, section 6.2). Undefined when it is not well formed. The URL
 * parser of browsers gives hosts in this form; people and look-alike rules need the letters.
 */
export function decodePunycode(label: string): string | undefined {
  const split = label.lastIndexOf("-");
  const output = split > 0 ? [...label.slice(0, split)].map((letter) => letter.charCodeAt(0)) : [];
  let n = 128;
  let bias = 72;
  let i = 0;
  for (let at = split > 0 ? split + 1 : 0; at < label.length; ) {
    const before = i;
    for (let weight = 1, k = base; ; k += base) {
      const digit = digitOf(label.charCodeAt(at++));
      if (digit === undefined) return undefined;
      i += digit * weight;
      const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < threshold) break;
      weight *= base - threshold;
      if (weight > 0xffffff || i > 0xffffffff) return undefined;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) return undefined;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

const base = 36;

function digitOf(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 26 : undefined;
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += base) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
