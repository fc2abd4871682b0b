"use client";
import {
  type AgreementDraft,
  agreementTemplates,
  compareDrafts,
  templateOf,
  writeText,
} from "@skrumble/sdk/agreements";
import { Briefcase, FileCheck, FileText, Landmark, PencilRuler, ShoppingBag } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { readNetwork } from "../../lib/network.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { AgreementView, ConversationSummary, LookAlike, PublicId } from "../../lib/types.ts";
import { Option } from "../../ui/option.tsx";
import { PickList } from "../../ui/pick-list.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { useNameOf } from "../conversation/names.ts";
import { useRun } from "../groups/use-run.ts";
import { useAloneStep } from "../money/alone-step.tsx";
import { useOthers } from "../money/people.ts";
import { type Step, StepSheet } from "../money/step-sheet.tsx";
import { useAssetChoice } from "../money/use-asset-choice.ts";
import { useClient, useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Differences } from "./changes-tab.tsx";
import { type AgreementForm, draftOf, emptyForm, formOf } from "./form.ts";
import { LookAlikes } from "./look-alikes.tsx";
import { Paper } from "./paper.tsx";
import { UnlistedToken } from "./unlisted-token.tsx";
import { sharedConversation } from "./use-agreement.ts";
import { useAgreementWords, useOurLanguage } from "./use-agreement-words.ts";
import { useKeptForm } from "./use-kept-form.ts";
import { WriteForm } from "./write-form.tsx";

const ProofSheet = onDemand(() => import("./proof-sheet.tsx"));

const icons = {
  service: Landmark,
  "remote-work": PencilRuler,
  freelance: Briefcase,
  plain: FileText,
  instalments: ShoppingBag,
} as Record<string, typeof FileText>;

export interface WriteSheetProps {
  model: ConversationModel;
  summary: ConversationSummary;
  /** An agreement of which another version is written. */
  changing?: AgreementView;
  onClose(): void;
}

/** Writes an agreement or a change of one: template, form, the whole text, and off it goes. */
export default function WriteSheet({ model, summary, onClose, ...given }: WriteSheetProps) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  const language = useOurLanguage();
  // What is written here replaces what was read when it was opened, and nothing that came since.
  const [changing] = useState(given.changing);
  const movedOn = changing?.version.id !== given.changing?.version.id;
  const client = useClient();
  const me = useIdentity().publicId;
  const words = useAgreementWords(useNameOf(summary));
  const people = useOthers(summary);
  const conversation = sharedConversation(client, summary.id);
  const { form, loaded, change } = useKeptForm(`agreement ${summary.id} ${changing?.version.id ?? "new"}`);
  const choice = useAssetChoice({ fits: ({ moves }) => moves === "signature", homeOnly: true });
  const [problem, setProblem] = useState<string>();
  const [draft, setDraft] = useState<AgreementDraft>();
  const [alike, setAlike] = useState<readonly LookAlike[]>([]);
  const alone = useAloneStep(summary, t("create"), t("alone"));
  const [proving, setProving] = useState(false);
  const { busy, error, run } = useRun<"check" | "propose">();
  const before = changing?.version.draft;
  const asset = before?.money?.asset ?? choice.asset;
  const unlisted = before ? changing?.unlisted === true : choice.asset?.listed === false;
  const shown = form ?? (before && formOf(before, me));
  const body = useRef<HTMLDivElement>(null);
  // To what is not right yet, wherever in the long form that is.
  useEffect(() => {
    if (problem !== undefined) body.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem]);

  const check = (filled: AgreementForm) =>
    run("check", async () => {
      setProblem(undefined);
      const kind = templateOf(filled).kind;
      const on = kind === "plain" ? { chainId: before?.chainId ?? (await readNetwork()).chainId } : asset;
      if (!on) return;
      const party = (person: PublicId) => conversation.agreements.party(person);
      const typed = filled.arbiter.trim();
      const judge = typed && kind !== "plain" ? await findArbiter(typed) : undefined;
      if (judge === "unknown") return setProblem("arbiter");
      const [mine, ...others] = await Promise.all([party(me), ...filled.others.map(party)]);
      if (!mine) return;
      const found = draftOf(filled, { me: mine, others, arbiter: judge, asset: on });
      if ("problem" in found) return setProblem(found.problem);
      setAlike(await conversation.agreements.lookAlikes(found.draft));
      setDraft(found.draft);
    });
  async function findArbiter(typed: string) {
    try {
      const { publicId } = await client.contacts.find(typed);
      return await conversation.agreements.party(publicId);
    } catch (failed) {
      if (codeOf(failed) === "PERSON_NOT_FOUND" || codeOf(failed).startsWith("NAME_")) return "unknown";
      throw failed;
    }
  }
  const propose = (written: AgreementDraft) =>
    run("propose", async () => {
      const { agreements } = conversation;
      const said = changing
        ? await agreements.change(changing.id, changing.version.id, written)
        : await agreements.propose(written);
      change(undefined);
      await model.follow(said);
      onClose();
    });

  const step = (): Step => {
    if (alone) return alone;
    if (draft) {
      return {
        title: t(changing ? "reviewChange" : "review"),
        description: t("reviewLead"),
        onBack: () => setDraft(undefined),
        next: {
          label: t(changing ? "proposeChange" : "propose"),
          busy: busy === "propose",
          disabled: movedOn,
          onPress: () => void propose(draft),
        },
        content: (
          <>
            {before && (
              <div className="mb-4">
                <Differences version={{ draft, changes: compareDrafts(before, draft) }} words={words} />
              </div>
            )}
            <Paper text={writeText(draft)} language={draft.language} />
            <LookAlikes found={alike} />
            {unlisted && <UnlistedToken draft={draft} />}
            <p role="alert" className="mt-3 text-13 text-bad">
              {movedOn ? errorText("AGREEMENT_MOVED_ON") : error && errorText(error)}
            </p>
          </>
        ),
      };
    }
    if (!loaded) return { title: t("create"), content: <Skeleton className="h-64 rounded-md" /> };
    if (!shown) {
      const start = (chosen: (typeof agreementTemplates)[number]) =>
        change(
          emptyForm(
            chosen,
            language,
            people.length === 1 || chosen.kind === "plain" ? people.map(({ publicId }) => publicId) : [],
          ),
        );
      return {
        title: t("create"),
        description: t("createLead"),
        content: (
          <ul className="flex flex-col gap-2">
            {agreementTemplates.map((one) => {
              const Icon = icons[one.id] ?? FileText;
              return (
                <li key={one.id}>
                  <Option
                    icon={<Icon aria-hidden className="size-5" />}
                    title={one.title[language]}
                    hint={one.summary[language]}
                    onClick={() => start(one)}
                  />
                </li>
              );
            })}
            <li className="mt-2 border-hairline border-t pt-4">
              <Option
                icon={<FileCheck aria-hidden className="size-5" />}
                title={t("proofs.open")}
                hint={t("proofs.openHint")}
                onClick={() => setProving(true)}
              />
            </li>
          </ul>
        ),
      };
    }
    const template = templateOf(shown);
    const single = template.kind !== "plain";
    const someone = shown.others.length > 0;
    const waits = single && !asset;
    const failed = error ?? (waits ? choice.error : undefined);
    const around = people.filter(({ publicId }) => !shown.others.includes(publicId)).map(({ pseudonym }) => pseudonym);
    const says = () => {
      if (movedOn) return errorText("AGREEMENT_MOVED_ON");
      if (problem === "parties" || problem === "money.milestones")
        return t(`wrong.${problem === "parties" ? "parties" : "total"}`);
      if (problem !== undefined) return t("notYet");
      if (failed) return errorText(failed);
    };
    const why = !someone ? t("chooseSomebody") : waits && !failed ? t("assetLoading") : undefined;
    return {
      title: changing ? t("change") : template.title[language],
      description: changing ? t("changeLead") : undefined,
      onBack: changing ? onClose : () => change(undefined),
      next: {
        label: t("toReview"),
        busy: busy === "check",
        disabled: !someone || waits || movedOn,
        onPress: () => void check(shown),
      },
      content: (
        <div ref={body}>
          {people.length > 1 && !changing && (
            <div className="mb-4">
              <p className="mb-1.5 text-13 font-medium text-ink-soft">{t(single ? "withWhom" : "withWhomAll")}</p>
              <People
                people={people}
                single={single}
                chosen={shown.others}
                onChange={(others) => change({ ...shown, others })}
              />
            </div>
          )}
          <WriteForm
            around={around}
            form={shown}
            template={template}
            asset={asset}
            problem={problem}
            changing={changing !== undefined}
            onChange={(next) => {
              setProblem(undefined);
              change(next);
            }}
          />
          <p role="alert" className="mt-3 text-13 text-bad">
            {says()}
          </p>
          {why && <p className="text-13 text-ink-soft">{why}</p>}
        </div>
      ),
    };
  };
  if (proving) return <ProofSheet onBack={() => setProving(false)} onClose={onClose} />;
  return <StepSheet step={step()} onClose={onClose} />;
}

interface PeopleProps {
  people: readonly { publicId: PublicId; pseudonym: string }[];
  single: boolean;
  chosen: readonly PublicId[];
  onChange(chosen: PublicId[]): void;
}

function People({ people, single, chosen, onChange }: PeopleProps) {
  const t = useTranslations("agreements");
  const money = useTranslations("money");
  const groups = useTranslations("groups");
  const items = people.map(({ publicId, pseudonym }) => ({ id: publicId, name: pseudonym, seed: publicId }));
  return (
    <PickList
      single={single}
      label={t(single ? "withWhom" : "withWhomAll")}
      searchLabel={money("searchPeople")}
      noMatch={groups("noMatch")}
      items={items}
      chosen={chosen}
      onChange={onChange}
    />
  );
}
