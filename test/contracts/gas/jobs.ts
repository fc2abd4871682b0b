import { act } from "../support/agreements.ts";
import { by, DAY, now } from "../support/chain.ts";
import { hash } from "../support/identities.ts";
import { agreed, authorise, COMMENT, FAR_DEADLINE, LISTING, SECRET } from "../support/jobs.ts";
import type { Meter } from "./meter.ts";

export async function measureJobs(meter: Meter): Promise<void> {
  const { board, payer, payee, witness, client, freelancer, agreementId, terms, jobId, escrow } = await agreed();
  const send = (name: string, args: unknown[], which?: string) =>
    meter.send("JobBoard", by(witness, board), name, args, which);
  const applyBy = BigInt((await now()) + 300 * DAY);
  const nonce = () => board.nonceOf(client);
  const posting = { poster: client, listing: LISTING, applyBy };
  const posted = await authorise(board, payer, "Post", { ...posting, nonce: await nonce() });
  await send("post", [client, LISTING, applyBy, FAR_DEADLINE, posted]);
  const listing = hash("another listing");
  const edited = await authorise(board, payer, "Edit", { jobId: 2n, listing, applyBy, nonce: await nonce() });
  await send("edit", [2n, listing, applyBy, FAR_DEADLINE, edited]);
  const closed = await authorise(board, payer, "Close", { jobId: 2n, nonce: await nonce() });
  await send("close", [2n, FAR_DEADLINE, closed]);
  await send("hire", [jobId, terms, SECRET]);
  for (const party of [payer, payee]) await act(escrow, party, "cancel", [0n]);
  for (const [by, rater, which] of [
    [payer, client, "of a freelancer"],
    [payee, freelancer, "of a client"],
  ] as const) {
    const signature = await authorise(board, by, "Rate", { agreementId, rater, score: 5, comment: COMMENT });
    await send("rate", [agreementId, rater, 5, COMMENT, FAR_DEADLINE, signature], which);
  }
  for (const [name, ...args] of [
    ["job", jobId],
    ["jobs", 1n, 2n],
    ["jobCount"],
    ["hireOf", agreementId],
    ["reputationOf", client],
    ["ratingsOf", client, 0n, 1n],
    ["nonceOf", client],
    ["identityRegistry"],
    ["agreements"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("JobBoard", board, name, args);
  }
}
