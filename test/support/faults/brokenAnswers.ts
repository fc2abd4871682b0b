import { everyNth, type Fault } from "./fault.ts";

/** Every n-th answer ends in its middle, though the HTTP answer is whole. */
export function truncatedAnswers(n = 1): Fault {
  const isHit = everyNth(n);
  return {
    deliver: (delivery) =>
      delivery !== "cut" && isHit()
        ? { ...delivery, body: delivery.body.slice(0, Math.floor(delivery.body.length / 2)) }
        : delivery,
  };
}

/** Every n-th answer is one to another question, by its id. */
export function wrongIds(n = 1): Fault {
  const isHit = everyNth(n);
  return {
    arrange: (answers) => (isHit() ? answers.map((answer) => ({ ...answer, id: `${answer.id}-of-another` })) : answers),
  };
}
