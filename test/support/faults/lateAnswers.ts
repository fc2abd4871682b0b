import type { Fault } from "./fault.ts";

/** Answers come late, each by a time of its own up to `most` milliseconds: whoever asks at once hears in another order. */
export function lateAnswers(most: number): Fault {
  return {
    async arrange(answers) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
      return [...answers];
    },
  };
}
