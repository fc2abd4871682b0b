import { expect, test } from "vitest";
import { findHires, readOwnHire } from "../../src/jobs/index.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { sayingChain } from "../support/sayingChain.ts";

const skm: Address = `0x${"5c".padStart(40, "0")}`;
const escrow: Address = `0x${"e5".padStart(40, "0")}`;
const zero: Hex = `0x${"0".repeat(64)}`;
const agreementOf = (job: number): Hex => `0x${job.toString(16).padStart(64, "0")}`;
const [ann, ben, others] = [1n, 2n, 3n];

/** A board of so many jobs; in those of `hired` ann pays somebody. */
function boardWith(count: number, hired: Record<number, bigint>) {
  const entry = (job: number) => ({
    ...{ poster: ann, postedAt: 1n, applyBy: 2n, state: hired[job] ? 2 : 1 },
    ...{ listing: agreementOf(9), agreement: hired[job] ? agreementOf(job) : zero },
  });
  return sayingChain(skm, {
    jobCount: () => BigInt(count),
    job: ([id]) => entry(Number(id)),
    jobs: ([first, wanted]) =>
      Array.from({ length: Math.max(0, Math.min(Number(wanted), count - Number(first) + 1)) }, (_, at) =>
        entry(Number(first) + at),
      ),
    hireOf: ([agreement]) => ({
      ...{ jobId: BigInt(agreement as Hex), client: ann, byClient: 0, byFreelancer: 0 },
      freelancer: hired[Number(agreement as Hex)] as bigint,
    }),
    agreement: () => ({ ...{ escrow, concludedAt: 1n, conclusion: zero }, ...{ terms: zero } }),
    terms: () => ({
      ...{ agreementId: zero, agreements: skm, kind: 0, payer: skm, payee: skm, arbiter: skm, token: skm },
      rules: {
        ...{ onNoSubmission: 1, onNoReview: 1, onRejection: 1, onNoRuling: 1, onDefault: 1 },
        ...{ fallbackShare: 0, retainedShare: 0, reviewTime: 1, responseTime: 1, rulingTime: 1, graceTime: 1 },
      },
      milestones: [{ amount: 5n, due: 7 }],
    }),
  });
}

async function allOf(chain: ReturnType<typeof boardWith>, id: bigint) {
  const pages: number[][] = [];
  let before: bigint | undefined;
  do {
    const { hires, older } = await findHires(chain, id, { before });
    pages.push(hires.map(({ hire }) => Number(hire.jobId)));
    before = older;
  } while (before !== undefined);
  return pages;
}

test("hires behind however many other jobs are found page by page, each once, newest first", async () => {
  const chain = boardWith(1_203, { 1: ben, 2: others, 203: ben, 204: ben, 703: ben, 704: ben, 1203: ben });
  expect(await allOf(chain, ben)).toEqual([
    [1_203, 704],
    [703, 204],
    [203, 1],
  ]);
  expect(await allOf(chain, others)).toEqual([[], [], [2]]);
});

test("a page reads so many jobs and no more, and ends early when it is full", async () => {
  const chain = boardWith(5_000, {});
  expect(await findHires(chain, ben)).toEqual({ hires: [], older: 4_501n });
  expect(chain.calls.filter((name) => name === "jobs")).toHaveLength(10);
  const full = boardWith(200, Object.fromEntries(Array.from({ length: 200 }, (_, at) => [at + 1, ben])));
  const first = await findHires(full, ben);
  expect(first.hires).toHaveLength(50);
  expect(first.older).toBe(151n);
  expect((await allOf(full, ben)).flat()).toEqual(Array.from({ length: 200 }, (_, at) => 200 - at));
});

test("an empty board, and the end of it, are the end", async () => {
  expect(await findHires(boardWith(0, {}), ben)).toEqual({ hires: [], older: undefined });
  expect(await findHires(boardWith(9, { 1: ben }), ben, { before: 1n })).toEqual({ hires: [], older: undefined });
  const { older } = await findHires(boardWith(500, {}), ben);
  expect(older).toBeUndefined();
});

test("one job tells one's own hire, and nothing of those of others", async () => {
  const chain = boardWith(9, { 7: ben });
  const hire = { jobId: 7n, client: ann, freelancer: ben };
  const found = { agreement: agreementOf(7), escrow, token: skm, milestones: [{ amount: 5n, due: 7 }] };
  expect(await readOwnHire(chain, 7n, ben)).toMatchObject({ ...found, hire, role: "freelancer" });
  expect(await readOwnHire(chain, 7n, ann)).toMatchObject({ ...found, hire, role: "client" });
  expect(await readOwnHire(chain, 7n, others)).toBeUndefined();
  expect(await readOwnHire(chain, 8n, ben)).toBeUndefined();
});
