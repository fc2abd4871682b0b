import { type AgreementParty, type ProofWarning, writeText } from "@skrumble/sdk/agreements";
import { fireEvent, waitFor } from "@testing-library/dom";
import ProofSheet from "../../features/agreements/proof-sheet.tsx";
import { PageError } from "../../lib/errors.ts";
import type { Language } from "../../lib/language.ts";
import type { Agreements, ProvenAgreement } from "../../lib/types.ts";
import { milestone } from "../agreement-fixtures.ts";
import { draftIn } from "./agreements.tsx";
import { enter, press, type Scene, type States } from "./stage.tsx";

const warningsIn = (language: Language): ProofWarning[] => {
  const [payer, payee] = draftIn(language).parties as [AgreementParty, AgreementParty];
  return [
    { kind: "chain-not-asked" },
    { kind: "one-operator" },
    { kind: "people-not-checked" },
    { kind: "unlisted-token" },
    { kind: "asset-differs" },
    { kind: "unsigned", parties: [payer, payee] },
    { kind: "stranger", party: payee },
    { kind: "arbiter-is-party", party: payee },
    { kind: "look-alike", publicId: payee.publicId, pseudonym: "l1n", other: payer.pseudonym },
    { kind: "unfunded", milestones: [1, 2] },
    { kind: "may-come", milestones: [0] },
  ];
};
const provenIn = (language: Language, more: Partial<ProvenAgreement> = {}): ProvenAgreement => {
  const draft = draftIn(language);
  return {
    ...{ id: `0x${"1".repeat(64)}`, draft, text: writeText(draft), at: Date.now() - 86_400_000, warnings: [] },
    ...{ pending: [], untold: [], role: "client" },
    escrow: {
      ...{ address: "0x05", step: 9n, finished: false },
      milestones: [milestone("unfunded"), milestone("disputed"), milestone("funded")],
    },
    ...more,
  };
};

/** Opened as a person does, from a file. */
const proof = (agreements: (language: Language) => Partial<Agreements>, reach?: Scene["reach"]): Scene => ({
  show: (language) => {
    enter({ client: { agreements: agreements(language) as Agreements } });
    return <ProofSheet onBack={() => {}} onClose={() => {}} />;
  },
  async reach(t) {
    const input = await waitFor(() => {
      const found = document.querySelector("input[type=file]");
      if (!found) throw new Error("The file cannot be chosen yet.");
      return found;
    });
    const chosen = new DataTransfer();
    chosen.items.add(new File(["{}"], "agreement.json", { type: "application/json" }));
    (input as HTMLInputElement).files = chosen.files;
    fireEvent.change(input);
    await reach?.(t);
  },
});

/** Proofs of agreements, and what is said of them before anybody relies on one. */
export const proofs: States = {
  "proof-choose": {
    shows: "agreements.proofHint",
    show: () => {
      enter({});
      return <ProofSheet onBack={() => {}} onClose={() => {}} />;
    },
  },
  "proof-none": {
    shows: "errors.AGREEMENT_NOT_CONCLUDED",
    ...proof(() => ({ open: () => Promise.reject(new PageError("AGREEMENT_NOT_CONCLUDED")) })),
  },
  "proof-warnings": {
    shows: "agreements.warning.chain-not-asked",
    ...proof(
      (language) => {
        const { role: _, ...others } = provenIn(language, { warnings: warningsIn(language) });
        return { open: async () => others };
      },
      (t) => press(t("agreements.tab.text"), "tab"),
    ),
  },
  "proof-fund": {
    shows: "agreements.warning.asset-differs",
    ...proof(
      (language) => ({
        open: async () => provenIn(language, { warnings: [{ kind: "asset-differs" }, { kind: "unlisted-token" }] }),
      }),
      async (t) => {
        await press(t("agreements.act.fund"));
      },
    ),
  },
  "proof-arbiter": {
    shows: "agreements.proofs.yours",
    ...proof((language) => ({ open: async () => provenIn(language, { role: "arbiter" }) })),
  },
};
