import { expect, test } from "vitest";
import { connect, eventually, joinPerson, type Person } from "../../../test/support/network.ts";
import { actOnEscrow, concludeAgreement, termsOf, verifyAgreement } from "../../src/agreements/index.ts";
import { readEscrow } from "../../src/agreements/readEscrow.ts";
import { readBalance } from "../../src/chain/actions/readBalance.ts";
import { createChain, fetchNetwork } from "../../src/chain/index.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import {
  actingFor,
  applicationOf,
  applyToJob,
  closeJob,
  concludeHire,
  editJob,
  findHires,
  type Job,
  keepComment,
  keepListing,
  listJobs,
  makeOffer,
  offerOf,
  offerToText,
  parseListing,
  payIn,
  postJob,
  rateParty,
  readHire,
  readJob,
  readOwnHire,
  readReputation,
  signOffer,
} from "../../src/jobs/index.ts";
import { inDays, workRules } from "../support/agreements.ts";
import { listing } from "../support/jobs.ts";
import { closeAll, idOf, useNetwork } from "../support/network.ts";
import { chainOf } from "../support/skm.ts";

/** A job from its posting to the ratings, on a real chain, its texts at real relays. */

const network = useNetwork();
const skm = 10n ** 18n;

async function openChain(urls = network.urls) {
  const info = await fetchNetwork(urls[0] as string);
  const endpoints = urls.map((at, index) => ({ url: `${at}/rpc`, operator: `${index}` }));
  return createChain(info, { endpoints: () => endpoints });
}
type Chain = Awaited<ReturnType<typeof openChain>>;

const listingOf = (chain: Chain, poster: Person, over = {}) =>
  parseListing({
    ...listing({ poster: idOf(poster), chainId: chain.network.chainId }),
    asset: { chainId: chain.network.chainId, token: chain.network.contracts.skm, symbol: "SKM", decimals: 18 },
    ...over,
  });

test("a job is posted, applied for, agreed on, paid by milestone, and rated by both", async () => {
  const chain = await openChain();
  const [ann, ben] = [await joinPerson(network, "ann"), await joinPerson(network, "ben")];
  await chainOf(network).giveSkm(ann.wallet.address, 10n * skm);

  const wanted = listingOf(chain, ann);
  const { jobId, kept } = await postJob(chain, { listing: wanted, applyBy: inDays(30) }, ann.wallet);
  expect(kept).toBe(network.urls.length);
  const { jobs } = await listJobs(chain);
  const job = jobs.find(({ id }) => id === jobId) as Job;
  expect(job).toMatchObject({ state: "open", listing: wanted, poster: { pseudonym: ann.name } });

  await applyToJob(ben.client, job, "I draw logos.");
  const request = await eventually("the application", async () =>
    (await ann.client.contacts.list()).find(({ state }) => state === "request-received"),
  );
  expect(applicationOf(request.note ?? "")).toEqual({ jobId, note: "I draw logos." });
  const ends = { ann: await ann.client.contacts.accept(idOf(ben)), ben: await conversationOf(ben) };

  const [client, freelancer] = [await actingFor(chain, ann.wallet.address), await actingFor(chain, ben.wallet.address)];
  const made = makeOffer(job, { client, freelancer, rules: workRules, signBy: inDays(5) });
  const offered = await signOffer(chain, made, ann.wallet);
  await expect(concludeHire(chain, offered)).rejects.toMatchObject({ code: "AGREEMENT_UNSIGNED" });
  await ends.ann.sendText(offerToText(offered, "An offer"));
  const read = await eventually("the offer", async () => {
    const texts = (await ends.ben.messages()).map(({ body }) =>
      body.type === "text" ? offerOf(body.text) : undefined,
    );
    return texts.find(Boolean);
  });
  const agreed = await signOffer(chain, read, ben.wallet);
  // Ben's page closes halfway: the agreement is on chain, of the hire nobody knows. Ann, who has her own signature only, records it.
  await concludeAgreement(chain, termsOf(agreed.draft), agreed.signatures);
  const agreement = await concludeHire(chain, offered);
  // Either of the two may do it again; nothing happens twice.
  expect(await concludeHire(chain, agreed)).toBe(agreement);
  expect(await readJob(chain, jobId)).toMatchObject({ state: "hired", agreement });
  expect(await readHire(chain, agreement)).toMatchObject({ jobId, client: client.id, freelancer: freelancer.id });
  const { escrow, warnings } = await verifyAgreement(chain, agreed.draft);
  expect(warnings).toEqual([]);
  if (!escrow) throw new Error("no escrow");

  // Who lost the device with the offer finds the hire again, and what its escrow asks for.
  const found = { agreement, escrow: escrow.toLowerCase(), hire: { jobId } };
  const hires = [{ ...found, role: "freelancer", milestones: [{ amount: skm }, { amount: 2n * skm }] }];
  expect(await findHires(chain, freelancer.id)).toMatchObject({ hires, older: undefined });
  expect(await findHires(chain, freelancer.id, { before: jobId })).toEqual({ hires: [], older: undefined });
  expect(await findHires(chain, client.id)).toMatchObject({ hires: [{ ...found, role: "client" }] });
  expect(await findHires(chain, 10_000n)).toEqual({ hires: [], older: undefined });
  expect(await readOwnHire(chain, jobId, client.id)).toMatchObject({ ...found, role: "client" });
  expect(await readOwnHire(chain, jobId, 10_000n)).toBeUndefined();
  await expect(readOwnHire(chain, 9_999n, client.id)).rejects.toMatchObject({ code: "JOB_UNKNOWN" });

  const early = rateParty(chain, { agreement, score: 5 }, ben.wallet);
  await expect(early).rejects.toMatchObject({ code: "RATING_TOO_EARLY" });
  // A page closed between the payment and the word what it is for: the money lies there, and nobody is asked again.
  await chainOf(network).giveSkm(escrow, 2n * skm);
  // Relays may be a block behind the node that was asked.
  for (const url of network.urls) {
    const one = await openChain([url]);
    await eventually(
      "the money to be seen",
      async () => (await readBalance(one, chain.network.contracts.skm, escrow)) > 0n,
    );
  }
  const refusing = { address: ann.wallet.address, signTypedData: () => Promise.reject(new Error("asked")) };
  await payIn(chain, escrow, 1, refusing);
  await expect(payIn(chain, escrow, 0, refusing)).rejects.toMatchObject({ code: "WALLET_FAILED" });
  const poor = createLocalWallet(newWalletKey());
  await expect(payIn(chain, escrow, 0, poor)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
  for (const index of [0, 1]) {
    if (index === 0) await payIn(chain, escrow, index, ann.wallet);
    const left = await chainOf(network).skmOf(ann.wallet.address);
    await expect(payIn(chain, escrow, index, ann.wallet)).rejects.toMatchObject({ code: "ESCROW_MOVED_ON" });
    expect(await chainOf(network).skmOf(ann.wallet.address), "paid once").toBe(left);
    const stepOf = async () => (await readEscrow(chain, escrow, 2)).milestones[index]?.step as bigint;
    const deadline = BigInt(inDays(1));
    const evidence = `0x${"ab".repeat(32)}` as const;
    await actOnEscrow(
      chain,
      escrow,
      { do: "submit", index, evidence },
      { wallet: ben.wallet, seen: await stepOf(), deadline },
    );
    const amount = BigInt(index + 1) * skm;
    await actOnEscrow(
      chain,
      escrow,
      { do: "accept", index, amount },
      { wallet: ann.wallet, seen: await stepOf(), deadline },
    );
  }
  expect(await chainOf(network).skmOf(ben.wallet.address)).toBe(3n * skm);
  // The other two SKM lay in the escrow already.
  expect(await chainOf(network).skmOf(ann.wallet.address)).toBe(9n * skm);

  expect(await rateParty(chain, { agreement, score: 5, comment: "Beautiful." }, ann.wallet)).toEqual({ kept: 3 });
  await rateParty(chain, { agreement, score: 4 }, ben.wallet);
  // Whose page closed as soon as the chain had the rating hands its words over later; they cannot be others.
  const rated = { agreement, rater: client.id };
  expect(await keepComment(chain, { ...rated, comment: " Beautiful. " })).toBe(3);
  for (const comment of ["Ugly.", ""]) {
    await expect(keepComment(chain, { ...rated, comment })).rejects.toMatchObject({ code: "DOCUMENT_NOT_KEPT" });
  }
  const notHis = keepComment(chain, { agreement, rater: 10_000n, comment: "Beautiful." });
  await expect(notHis).rejects.toMatchObject({ code: "RATING_NOT_YOURS" });
  await expect(rateParty(chain, { agreement, score: 1 }, ann.wallet)).rejects.toMatchObject({ code: "RATING_GIVEN" });
  const reputation = await readReputation(chain, freelancer.id);
  expect(reputation).toMatchObject({ count: 1, average: 5, ratings: [{ score: 5, comment: "Beautiful.", agreement }] });
  expect(reputation.ratings[0]?.rater?.pseudonym).toBe(ann.name);
  const ofClient = await readReputation(chain, client.id);
  expect(ofClient.ratings[0]).not.toHaveProperty("comment");
  expect(await readReputation(chain, 10_000n)).toEqual({ count: 0, average: undefined, ratings: [] });

  const cem = await joinPerson(network, "cem");
  const stranger = rateParty(chain, { agreement, score: 1 }, cem.wallet);
  await expect(stranger).rejects.toMatchObject({ code: "RATING_NOT_YOURS" });
  await closeAll(ann, ben, cem);
});

test("a job is changed and closed by its poster alone; what is closed takes no application", async () => {
  const chain = await openChain();
  const [ann, ben] = [await joinPerson(network, "ann"), await joinPerson(network, "ben")];
  await connect(ann, ben);
  const { jobId } = await postJob(chain, { listing: listingOf(chain, ann), applyBy: inDays(30) }, ann.wallet);
  const better = listingOf(chain, ann, { title: "A better logo" });
  const applyBy = inDays(9);
  await expect(editJob(chain, { jobId, listing: listingOf(chain, ben), applyBy }, ben.wallet)).rejects.toMatchObject({
    code: "JOB_NOT_YOURS",
  });
  await expect(postJob(chain, { listing: better, applyBy }, ben.wallet)).rejects.toMatchObject({ code: "JOB_INVALID" });
  await expect(postJob(chain, { listing: better, applyBy: inDays(400) }, ann.wallet)).rejects.toMatchObject({
    code: "JOB_INVALID",
  });
  await editJob(chain, { jobId, listing: better, applyBy }, ann.wallet);
  const changed = await readJob(chain, jobId);
  expect(changed).toMatchObject({ applyBy, listing: { title: "A better logo" } });
  // Connected people get a message instead of a request.
  await applyToJob(ben.client, changed, "I can do better.");
  await closeJob(chain, jobId, ann.wallet);
  await expect(closeJob(chain, jobId, ann.wallet)).rejects.toMatchObject({ code: "JOB_NOT_OPEN" });
  const closed = await readJob(chain, jobId);
  await expect(applyToJob(ben.client, closed, "Too late.")).rejects.toMatchObject({ code: "JOB_NOT_OPEN" });
  await expect(readJob(chain, 9_999n)).rejects.toMatchObject({ code: "JOB_UNKNOWN" });
  await closeAll(ann, ben);
});

test("relays take a text only where the chain has its hash, and cannot change it", async () => {
  const chain = await openChain();
  const ann = await joinPerson(network, "ann");
  const wanted = listingOf(chain, ann);
  const { jobId } = await postJob(chain, { listing: wanted, applyBy: inDays(30) }, ann.wallet);
  const [url = ""] = network.urls;
  const post = (place: string, body: string) => fetch(`${url}/documents/${place}`, { method: "POST", body });
  expect((await post(`jobs/${jobId}`, "another text")).status).toBe(409);
  expect((await post("jobs/99999", "a text")).status).toBe(409);
  expect((await post(`ratings/1/0`, "a text")).status).toBe(409);
  expect((await post("jobs/x", "a text")).status).toBe(404);
  expect((await post(`jobs/${jobId}`, "x".repeat(40_000))).status).toBe(413);
  expect((await fetch(`${url}/documents/${"0".repeat(64)}`)).status).toBe(404);
  await expect(keepListing(chain, jobId, { ...wanted, title: "Not it" })).rejects.toMatchObject({
    code: "DOCUMENT_NOT_KEPT",
  });
  expect(await keepListing(chain, jobId, wanted)).toBe(3);
  const { listingHash } = await readJob(chain, jobId);
  const kept = await fetch(`${url}/documents/${listingHash.slice(2)}`);
  expect(kept.headers.get("cache-control")).toContain("immutable");
  expect(kept.headers.get("content-type")).toBe("application/octet-stream");
  expect(parseListing(await kept.json())).toEqual(wanted);

  // A relay that hands over something else is passed over.
  const liar = await openChain();
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) =>
    String(input).startsWith(`${url}/documents/`) ? new Response("lies") : real(input, init);
  try {
    expect(await readJob(liar, jobId)).toMatchObject({ listing: wanted });
  } finally {
    globalThis.fetch = real;
  }
  await closeAll(ann);
});

/** Of somebody with one contact, who is about to accept. */
async function conversationOf({ client }: Person) {
  const id = await eventually("the acceptance", async () => (await client.contacts.list())[0]?.conversationId);
  return client.conversations.open(id);
}
