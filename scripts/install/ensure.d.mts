/** Types of ensure.mjs, which is JavaScript because it runs before anything is installed. */
export const root: string;
export function missingPackages(dir?: string): string[];
export function ensureInstalled(): Promise<boolean>;
