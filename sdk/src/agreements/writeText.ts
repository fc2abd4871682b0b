import { getAddress } from "viem";
import type {
  AgreementDraft,
  AgreementMoney,
  AgreementParty,
  AgreementTemplate,
  SilenceOutcome,
} from "../types/agreements.ts";
import { templateOf } from "./templates/index.ts";
import { outcomeWords, put, sayAmount, sayDate, sayShare, sayTime, words } from "./words.ts";

/**
 * The canonical text of an agreement, in UTF-8 with single newlines: what is hashed into the terms. It follows from the
 * draft alone, so everybody who has the draft writes the same. Nothing that a person typed begins a line: it is set in by
 * four spaces, and so cannot pass for a clause.
 * @param draft as {@link parseDraft} gives it
 * @throws SkrumbleError AGREEMENT_TEMPLATE_UNKNOWN
 */
export function writeText(draft: AgreementDraft): string {
  const template = templateOf(draft);
  const { language } = draft;
  const say = (key: keyof typeof words, values: Readonly<Record<string, string>> = {}) =>
    put(words[key][language], values);
  const roles = Object.fromEntries(template.roles.map(({ id, name }) => [id, name[language]]));
  const made = { template: template.id, version: `${template.version}`, chain: `${draft.chainId}` };
  const clauses = [
    { title: say("parties"), lines: partyLines(draft, template, say) },
    ...template.clauses.flatMap((clause) => {
      const lines =
        "says" in clause ? [put(clause.says[language], roles)] : saidIn(draft, template, clause.field, roles);
      return lines.length > 0 ? [{ title: clause.title[language], lines }] : [];
    }),
    ...(draft.money ? moneyClauses(draft, draft.money, template, say) : []),
    { title: say("signing"), lines: [say("signBy", { date: sayDate(draft.signBy) })] },
  ];
  return [
    template.title[language],
    say("made", made),
    ...clauses.flatMap(({ title, lines }, index) => ["", `${index + 1}. ${title}`, ...lines]),
    "",
  ].join("\n");
}

type Say = (key: keyof typeof words, values?: Readonly<Record<string, string>>) => string;

const setIn = (typed: string): string[] => typed.split("\n").map((line) => `    ${line}`.trimEnd());

function partyLines({ parties, arbiter, language }: AgreementDraft, template: AgreementTemplate, say: Say): string[] {
  const lines = (party: AgreementParty, role: string) => [
    `${say("party", { role, name: party.pseudonym })}`,
    `    ${say("wallet", { wallet: getAddress(party.wallet) })}`,
    `    ${say("identity", { identity: party.publicId })}`,
  ];
  return [
    ...parties.flatMap((party) =>
      lines(party, template.roles.find(({ id }) => id === party.role)?.name[language] ?? party.role),
    ),
    ...(arbiter ? lines(arbiter, say("arbiter")) : []),
  ];
}

/** What was filled in, or what the chosen option says. Empty for an optional field that was left out. */
function saidIn(
  draft: AgreementDraft,
  template: AgreementTemplate,
  id: string,
  roles: Readonly<Record<string, string>>,
): string[] {
  const value = draft.values[id];
  if (value === undefined) return [];
  const option = template.fields.find((field) => field.id === id)?.options?.find((one) => one.id === value);
  return option ? [put(option.says[draft.language], roles)] : setIn(value);
}

function moneyClauses(draft: AgreementDraft, money: AgreementMoney, template: AgreementTemplate, say: Say) {
  const { language, arbiter } = draft;
  const { asset, milestones, rules } = money;
  const work = template.kind === "work";
  const [payer = "", payee = ""] = template.roles.map(({ name }) => name[language]);
  const both = { payer, payee };
  const amount = (units: bigint) => sayAmount(units, asset);
  const total = amount(milestones.reduce((sum, one) => sum + one.amount, 0n));
  const time = (seconds: number) => sayTime(seconds, language);
  const share = sayShare(rules.fallbackShare);
  const outcome = (chosen: SilenceOutcome | undefined) =>
    chosen === undefined ? "" : put(outcomeWords[chosen][language], { ...both, share });
  const isCoin = /^0x0{40}$/.test(asset.token);
  const silence = work
    ? [
        say("noSubmission", { outcome: outcome(rules.onNoSubmission) }),
        say("noReview", { ...both, time: time(rules.reviewTime), outcome: outcome(rules.onNoReview) }),
        say("rejection", { ...both, time: time(rules.responseTime), outcome: outcome(rules.onRejection) }),
      ]
    : [
        ...(rules.retainedShare ? [say("retained", { share: sayShare(rules.retainedShare) })] : []),
        say("afterLast", { ...both, time: time(rules.reviewTime) }),
        say("default", { ...both, time: time(rules.responseTime), share }),
      ];
  return [
    {
      title: say("payment"),
      lines: [
        say(work ? "work" : "sale", { ...both, total, count: `${milestones.length}` }),
        say(isCoin ? "coin" : "token", { symbol: asset.symbol, token: getAddress(asset.token) }),
        ...milestones.flatMap(({ title, amount: units, due }, index) => [
          `${index + 1}) ${say(work ? "submitBy" : "payBy", { amount: amount(units), due: sayDate(due) })}`,
          ...setIn(title),
        ]),
      ],
    },
    {
      title: say("silence"),
      lines: [
        ...silence,
        arbiter ? say("dispute", { ...both, time: time(rules.rulingTime ?? 0), share }) : say("alone"),
        say("consent", both),
      ],
    },
  ];
}
