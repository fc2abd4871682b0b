/** Progress lines for people: plain text, one line per step, colour only on a terminal. */

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const dim = (text: string): string => paint(2, text);
export const bold = (text: string): string => paint(1, text);

export interface Say {
  /** Something was done. */
  step(text: string): void;
  /** Something worth knowing that needs no action. */
  note(text: string): void;
  /** Something went wrong; the text says what happens now. */
  warn(text: string): void;
}

export const say: Say = {
  step: (text) => console.log(`${paint(32, "✓")} ${text}`),
  note: (text) => console.log(`${dim("·")} ${text}`),
  warn: (text) => console.error(`${paint(33, "!")} ${text}`),
};

/** For tests and programs that embed the pieces. */
export const silent: Say = { step: () => {}, note: () => {}, warn: () => {} };

/** An error whose message is the whole explanation a person needs; printed without a stack. */
export class Refusal extends Error {
  override name = "Refusal";
}

/** Runs a verb: a Refusal is one sentence, anything else is a fault of ours and shows its stack. */
export async function runVerb(main: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (error instanceof Refusal) console.error(`\n${error.message}\n`);
    else console.error(error);
    process.exitCode = 1;
  }
}
