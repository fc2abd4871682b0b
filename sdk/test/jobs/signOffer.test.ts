import { expect, test } from "vitest";
import { SkrumbleError } from "../../src/errors/index.ts";
import { makeOffer, signOffer } from "../../src/jobs/index.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Job, RegisteredPerson } from "../../src/types/jobs.ts";
import type { Address } from "../../src/types/primitives.ts";
import { inDays, workRules } from "../support/agreements.ts";
import { listing, person } from "../support/jobs.ts";
import { sayingChain } from "../support/sayingChain.ts";

const skm: Address = `0x${"5c".padStart(40, "0")}`;
const [ann, ben, eve] = [person(1, "ann"), person(2, "ben"), person(3, "eve")];

const recordOf = ({ publicId, wallet, pseudonym, revoked }: RegisteredPerson) => ({
  ...{ owner: wallet, keyVersion: 1, registeredAt: 1n, revoked, controller: wallet, devicesBlock: 0n, publicId },
  ...{ agreementKey: publicId, deviceRoot: publicId, saltName: publicId, name: pseudonym },
});

const chainWhere = (poster: RegisteredPerson) =>
  sayingChain(skm, {
    job: ([jobId]) => {
      expect(jobId).toBe(7n);
      const hash = `0x${"00".repeat(32)}`;
      return { poster: poster.id, postedAt: 1n, applyBy: 2n, state: 1, listing: hash, agreement: hash };
    },
    identity: () => recordOf(poster),
    identityByPublicId: ([id]) => {
      const found = [ann, ben, eve].find(({ publicId }) => publicId === id) as RegisteredPerson;
      return [found.id, recordOf(found)];
    },
    symbol: () => "SKM",
    decimals: () => 18,
    balanceOf: () => 0n,
    name: () => "Skrumble",
    authorizationState: () => false,
  });

test("an offer is signed only when the job's poster pays in it", async () => {
  const job: Job = {
    ...{ id: 7n, state: "open", poster: ann, postedAt: 1, applyBy: 2, listingHash: `0x${"00".repeat(32)}` },
    listing: listing(),
  };
  const offer = makeOffer(job, { client: ann, freelancer: ben, rules: workRules, signBy: inDays(3) });
  let prompts = 0;
  const wallet: WalletSigner = {
    address: ben.wallet,
    async signTypedData() {
      prompts++;
      throw new SkrumbleError("WALLET_REFUSED");
    },
  };
  await expect(signOffer(chainWhere(eve), offer, wallet)).rejects.toMatchObject({ code: "JOB_OFFER_INVALID" });
  expect(prompts).toBe(0);
  await expect(signOffer(chainWhere(ann), offer, wallet)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  expect(prompts).toBe(1);
});
