/** The ends of a public ID, for where somebody has no name yet. */
export function shortId(publicId: string): string {
  return `${publicId.slice(2, 8)} ${publicId.slice(8, 14)} … ${publicId.slice(-6)}`;
}
