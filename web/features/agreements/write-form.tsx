"use client";
import { type AgreementTemplate, maxMilestones } from "@skrumble/sdk/agreements";
import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { Select } from "../../ui/select.tsx";
import { type AgreementForm, dayIn, emptyMilestone, type MilestoneForm } from "./form.ts";
import { RuleFields } from "./rule-fields.tsx";
import { useOurLanguage } from "./use-agreement-words.ts";

export interface WriteFormProps {
  form: AgreementForm;
  template: AgreementTemplate;
  asset: { symbol: string } | undefined;
  /** The field that is not right yet, named as in a draft. */
  problem: string | undefined;
  /** Pseudonyms of those in the conversation who are no party. */
  around: readonly string[];
  /** People, roles and template stay: with others it would be another agreement. */
  changing: boolean;
  onChange(form: AgreementForm): void;
}

/** The form of an agreement: the template's own fields, then milestones and rules where money is part of it. */
export function WriteForm(props: WriteFormProps) {
  const { form, template, asset, problem, around, changing, onChange } = props;
  const t = useTranslations("agreements");
  const language = useOurLanguage();
  const set = (change: Partial<AgreementForm>) => onChange({ ...form, ...change });
  const wrong = (field: string) => (problem === field ? t("checkThis") : undefined);
  const money = template.kind !== "plain";
  return (
    <div className="flex flex-col gap-3">
      {money && !changing && (
        <div>
          <p className="mb-1.5 text-13 font-medium text-ink-soft">{t("yourRole")}</p>
          <Segmented
            label={t("yourRole")}
            value={form.role}
            options={template.roles.map(({ id, name }) => ({ value: id, label: name[language] }))}
            onChange={(role) => set({ role })}
          />
        </div>
      )}
      {template.fields.map(({ id, type, label, hint, max, optional, options }) => {
        const value = form.values[id] ?? "";
        const named = optional ? t("optional", { label: label[language] }) : label[language];
        const change = (next: string) => set({ values: { ...form.values, [id]: next } });
        if (options) {
          const choices = options.map((one) => ({ value: one.id, label: one.label[language] }));
          return (
            <Select
              key={id}
              label={named}
              value={value}
              placeholder={t("choosePlease")}
              options={choices}
              error={wrong(`values.${id}`)}
              onChange={change}
            />
          );
        }
        const common = { label: named, hint: hint?.[language], error: wrong(`values.${id}`), maxLength: max, value };
        return type === "paragraph" ? (
          <Area key={id} rows={4} {...common} onChange={(event) => change(event.target.value)} />
        ) : (
          <Field key={id} {...common} onChange={(event) => change(event.target.value)} />
        );
      })}
      {money && (
        <Milestones
          milestones={form.milestones}
          asset={asset}
          sale={template.kind === "sale"}
          problem={problem}
          onChange={(milestones) => set({ milestones })}
        />
      )}
      {money && <RuleFields form={form} template={template} problem={problem} around={around} onChange={set} />}
      <Field
        label={t("signByLabel")}
        hint={t("signByHint")}
        type="date"
        min={dayIn(0)}
        value={form.signBy}
        error={wrong("signBy")}
        onChange={(event) => set({ signBy: event.target.value, signByAt: undefined })}
      />
      <div>
        <p className="mb-1.5 text-13 font-medium text-ink-soft">{t("language")}</p>
        <Segmented
          label={t("language")}
          value={form.language}
          options={[
            { value: "en", label: t("inEnglish") },
            { value: "zh-CN", label: t("inChinese") },
          ]}
          onChange={(next) => set({ language: next })}
        />
      </div>
    </div>
  );
}

interface MilestonesProps {
  milestones: readonly MilestoneForm[];
  asset: { symbol: string } | undefined;
  sale: boolean;
  problem: string | undefined;
  onChange(milestones: MilestoneForm[]): void;
}

function Milestones({ milestones, asset, sale, problem, onChange }: MilestonesProps) {
  const t = useTranslations("agreements");
  const set = (index: number, change: Partial<MilestoneForm>) =>
    onChange(milestones.map((one, at) => (at === index ? { ...one, ...change } : one)));
  const wrong = (index: number, field: string) =>
    problem === `money.milestones.${index}.${field}` ? t(field === "due" ? "dueAfterSigning" : "checkThis") : undefined;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 text-15 font-semibold">{t(sale ? "instalments" : "tab.milestones")}</legend>
      {milestones.map((one, index) => {
        const number = t(sale ? "instalmentNumber" : "milestoneNumber", { number: index + 1 });
        return (
          <div key={number} className="rounded-md border border-hairline px-4 pt-3 pb-1">
            <div className="flex items-center justify-between">
              <h3 className="text-13 font-medium text-ink-soft">{number}</h3>
              {milestones.length > 1 && (
                <IconButton
                  label={t("removeMilestone", { what: number })}
                  onClick={() => onChange(milestones.filter((_, at) => at !== index))}
                >
                  <Trash2 aria-hidden className="size-4" />
                </IconButton>
              )}
            </div>
            <Field
              label={t("milestoneTitle")}
              maxLength={120}
              value={one.title}
              error={wrong(index, "title")}
              onChange={(event) => set(index, { title: event.target.value })}
            />
            <div className="grid grid-cols-2 gap-3">
              <Field
                label={t("amount")}
                inputMode="decimal"
                autoComplete="off"
                maxLength={120}
                placeholder="0"
                value={one.amount}
                error={wrong(index, "amount")}
                onChange={(event) => set(index, { amount: event.target.value })}
                end={<span className="px-2 text-13 font-medium">{asset?.symbol}</span>}
              />
              <Field
                label={t(sale ? "payBy" : "handInBy")}
                type="date"
                min={dayIn(0)}
                value={one.due}
                error={wrong(index, "due")}
                onChange={(event) => set(index, { due: event.target.value, dueAt: undefined })}
              />
            </div>
          </div>
        );
      })}
      {milestones.length < maxMilestones && (
        <Button
          look="outline"
          className="self-start"
          onClick={() => onChange([...milestones, emptyMilestone(milestones.at(-1)?.due)])}
        >
          <Plus aria-hidden className="size-4" />
          {t(sale ? "addInstalment" : "addMilestone")}
        </Button>
      )}
    </fieldset>
  );
}
