import { parseDraft, writeText } from "@skrumble/sdk/agreements";
import { hire } from "../../../sdk/test/support/agreements.ts";
import { OpenAgreement } from "../../features/agreements/open-agreement.tsx";
import { useConnection } from "../../features/shell/connection.ts";
import type { Language } from "../../lib/language.ts";
import type {
  AgreementBody,
  AgreementView,
  ConversationAgreements,
  ConversationSummary,
  Money,
  PublicId,
} from "../../lib/types.ts";
import { held, one, seen } from "../agreement-fixtures.ts";
import { textMessage } from "../fake-client.ts";
import { skm } from "./payments.tsx";
import { enter, groupIn, me, others, pairIn, press, Rows, type Scene, type States, write } from "./stage.tsx";

const said = {
  en: { job: "A logo for a tea house", steps: ["Three sketches", "The chosen one, drawn out", "Final files"] },
  "zh-CN": { job: "给茶馆画一个标志", steps: ["三张草图", "选定的一张，画完整", "定稿文件"] },
};
const words = {
  en: "This is another colour than we agreed on, and the file cannot be opened.",
  "zh-CN": "颜色和约定的不一样，文件也打不开。",
};

/** Among the people of the pictures, in a language; the person is the client. */
export function draftIn(language: Language) {
  const draft = hire({ language });
  const [payer, payee] = draft.parties as [(typeof draft.parties)[0], (typeof draft.parties)[0]];
  const [wei, notary] = others(language);
  const { money } = draft;
  return parseDraft({
    ...draft,
    parties: [
      { ...payer, pseudonym: me.pseudonym, publicId: me.publicId },
      { ...payee, pseudonym: wei.pseudonym, publicId: wei.publicId },
    ],
    arbiter: { ...payee, role: "arbiter", pseudonym: notary.pseudonym, publicId: notary.publicId, wallet: me.wallet },
    values: { ...draft.values, job: said[language].job },
    ...(money
      ? {
          money: {
            ...money,
            milestones: money.milestones.map((one, at) => ({ ...one, title: said[language].steps[at] ?? "" })),
            rules: { ...money.rules, rulingTime: 7 * 86_400 },
          },
        }
      : {}),
  });
}
const viewIn = (language: Language, more: Partial<AgreementView> = {}): AgreementView => {
  const draft = draftIn(language);
  const base = seen();
  const version = { ...base.version, draft, from: draft.parties[1]?.publicId as PublicId, at: Date.now() };
  return {
    ...{ ...base, version, versions: [version], text: writeText(draft) },
    signatures: draft.parties.map((party) => ({ party, state: "missing" })),
    ...more,
    // Of these people, whichever state was asked for.
    ...(more.signatures
      ? { signatures: draft.parties.map((party) => ({ party, state: "signed", at: Date.now() })) }
      : {}),
  };
};

function open(view: AgreementView | undefined) {
  const watch: ConversationAgreements["watch"] = (_, listener, failed) => {
    setTimeout(() => (view ? listener(view) : failed?.({ code: "CHAIN_UNREACHABLE" })));
    return () => {};
  };
  return enter({
    conversation: {
      agreements: {
        watch,
        lookAlikes: async () => [],
        act: () => new Promise(() => {}),
      } as Partial<ConversationAgreements> as never,
    },
    client: {
      money: {
        chains: async () => [{ chainId: skm.chainId, name: "Skrumble", home: true }],
      } as Partial<Money> as Money,
    },
  });
}
function Card({ language, view, summary }: { language: Language; view: AgreementView; summary: ConversationSummary }) {
  const model = open(view);
  const body: AgreementBody = {
    type: "agreement",
    agreement: "m",
    step: { did: "proposed", draft: view.version.draft },
  };
  const from = others(language)[0].publicId;
  return (
    <>
      <Rows messages={[textMessage("m", Date.now(), { from, body })]} model={model} summary={summary} />
      <OpenAgreement model={model} summary={summary} />
    </>
  );
}

interface Given {
  more?: Partial<AgreementView>;
  summary?(language: Language): ConversationSummary;
  reach?: Scene["reach"];
}
const card = ({ more, summary = pairIn, reach }: Given): Scene => ({
  show: (language) => <Card language={language} view={viewIn(language, more)} summary={summary(language)} />,
  ...(reach ? { reach } : {}),
});
const sheet = (given: Given, key = "agreements.openIt") =>
  card({
    ...given,
    async reach(t) {
      await press(t(key));
      await given.reach?.(t);
    },
  });
const milestones = (given: Given) =>
  sheet({
    ...given,
    async reach(t) {
      await press(t("agreements.tab.milestones"), "tab");
      await given.reach?.(t);
    },
  });

const blocked = (language: Language): ConversationSummary => {
  const pair = pairIn(language);
  return { ...pair, contact: { ...pair.contact, state: "blocked" } };
};
const admins = (language: Language): ConversationSummary => {
  const group = groupIn(language);
  return { ...group, group: { ...group.group, write: "admins" } };
};
const out = (language: Language): ConversationSummary => {
  const group = groupIn(language);
  return { ...group, group: { ...group.group, left: "removed" } };
};

const until = Date.now() + 3_600_000;
const fund = { do: "fund", first: 0, count: 1 } as const;
const dispute = { do: "dispute", index: 1, text: `${words.en} ${words["zh-CN"]}` } as const;
const untold = [{ message: "u", act: dispute, transaction: `0x${"1".repeat(64)}` } as const];
const wei = others("en")[0].publicId;
const consents = [
  { message: "q", from: wei, until, act: { do: "extend", index: 0, due: Math.floor(Date.now() / 1000) + 2_000_000 } },
  { message: "r", from: wei, until, act: { do: "cancel", toPayee: one } },
] as AgreementView["consents"];

/** Agreements as they are when something is in the way. */
export const agreements: States = {
  "agreement-admins": { shows: "agreements.says.waitingForYou", ...card({ summary: admins }) },
  "agreement-blocked-sheet": { shows: "agreements.silent.blocked", ...sheet({ summary: blocked }) },
  "agreement-admins-sheet": { shows: "agreements.silent.admins", ...sheet({ summary: admins }) },
  "agreement-removed-in-force": {
    shows: "agreements.silentInForce",
    ...sheet({ summary: out, more: held("submitted", "funded", "unfunded") }),
  },
  "agreement-removed-act": {
    shows: "agreements.textHintAlone",
    ...milestones({
      ...{ summary: out, more: held("submitted", "funded", "unfunded") },
      async reach(t) {
        await press(t("agreements.act.reject"));
        await write(/./, `${words.en} ${words["zh-CN"]}`);
      },
    }),
  },
  "agreement-standing": {
    shows: "line.waits",
    ...milestones({
      more: held("submitted", "funded", "unfunded"),
      async reach(t) {
        useConnection.setState({ chain: "stalled" });
        await press(t("agreements.act.reject"));
        await write(/./, `${words.en} ${words["zh-CN"]}`);
        await press(t("agreements.confirm.reject"));
      },
    }),
  },
  "agreement-behind": {
    shows: "agreements.act.reject",
    ...milestones({ more: { ...held("submitted", "funded", "unfunded"), behind: true } }),
  },
  "agreement-untold": {
    shows: "agreements.untold",
    ...milestones({ more: { ...held("settled", "disputed", "unfunded"), untold } }),
  },
  "agreement-untold-sure": {
    shows: "agreements.untoldSureText",
    ...milestones({
      more: { ...held("settled", "disputed", "unfunded"), untold },
      reach: (t) => press(t("agreements.untoldDone")),
    }),
  },
  "agreement-pending": {
    shows: "agreements.mayCome",
    ...milestones({
      more: { ...held("unfunded", "funded"), pending: [{ message: "q", act: fund, at: "chain", until }] },
    }),
  },
  "agreement-pending-doubt": {
    shows: "agreements.pending.doubt",
    ...milestones({
      more: { ...held("unfunded", "funded"), pending: [{ message: "q", act: fund, at: "chain", until, doubt: true }] },
    }),
  },
  "agreement-consents": {
    shows: "agreements.loose",
    ...milestones({ more: { ...held("funded", "settled"), consents, loose: 3n * one } }),
  },
  "agreement-unsure": { shows: "agreements.unsure", ...sheet({ more: { ...held("funded"), unsure: true } }) },
  "agreement-look-alike": {
    shows: "agreements.lookAlike",
    ...sheet(
      { more: { lookAlikes: [{ publicId: wei, pseudonym: "l1n", other: me.pseudonym }], unlisted: true } },
      "agreements.readAndSign",
    ),
  },
  "agreement-problem": {
    shows: "errors.IDENTITY_REVOKED",
    ...sheet({ more: { problem: { code: "IDENTITY_REVOKED" } } }, "agreements.readAndSign"),
  },
  "agreement-declined": {
    shows: "agreements.state.declined",
    ...sheet({
      more: { state: "declined", declined: { from: wei, note: `${words.en} ${words["zh-CN"]}` }, bound: ["m"] },
    }),
  },
};
