"use client";
import type { AgreementTemplate, SilenceOutcome } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { type AgreementForm, hoursOf, sharesOut, silences } from "./form.ts";
import { sidesOf, useOurLanguage } from "./use-agreement-words.ts";

const dayChoices = ["1", "2", "3", "5", "7", "10", "14", "30", "60", "90"];
const judged: readonly SilenceOutcome[] = ["wait", "arbiter"];
const outcomes: readonly SilenceOutcome[] = ["refund", "release", "split", "wait", "arbiter"];

interface RuleFieldsProps {
  form: AgreementForm;
  template: AgreementTemplate;
  problem: string | undefined;
  /** Pseudonyms of those in the conversation who are no party. */
  around: readonly string[];
  onChange(change: Partial<AgreementForm>): void;
}

/** What happens when somebody does not act: each case is chosen by people, none by forgetting it. */
export function RuleFields({ form, template, problem, around, onChange }: RuleFieldsProps) {
  const t = useTranslations("agreements");
  const sides = sidesOf(template, useOurLanguage());
  const work = template.kind === "work";
  const arbiter = form.arbiter.trim() !== "";
  const away = arbiter && !around.includes(form.arbiter.trim().toLowerCase());
  const wrong = (field: string) => (problem === field ? t("checkThis") : undefined);
  const days = (value: string) =>
    (dayChoices.includes(value) ? dayChoices : [value, ...dayChoices]).map((one) => ({
      value: one,
      label: Number.isInteger(Number(one)) ? t("days", { count: Number(one) }) : t("hours", { count: hoursOf(one) }),
    }));
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 text-15 font-semibold">{t("silence")}</legend>
      <Field
        label={t("arbiterLabel")}
        hint={
          away ? <span className="text-wait">{t("arbiterAway", { name: form.arbiter.trim() })}</span> : t("arbiterHint")
        }
        maxLength={64}
        value={form.arbiter}
        error={problem === "arbiter" ? t("arbiterUnknown") : undefined}
        onChange={({ target }) => onChange({ arbiter: target.value })}
      />
      {around.length > 0 && !arbiter && (
        <div className="-mt-2 flex flex-wrap gap-2">
          {around.map((name) => (
            <Button key={name} small look="quiet" onClick={() => onChange({ arbiter: name })}>
              <bdi>{name}</bdi>
            </Button>
          ))}
        </div>
      )}
      {work &&
        silences.map((name) => (
          <Select
            key={name}
            label={t(`rule.${name}`)}
            value={form.outcomes[name] ?? ""}
            placeholder={t("choosePlease")}
            options={outcomes
              .filter((one) => arbiter || !judged.includes(one))
              .map((one) => ({ value: one, label: t(`outcome.${one}`, sides) }))}
            error={wrong(`money.rules.${name}`)}
            onChange={(value) => onChange({ outcomes: { ...form.outcomes, [name]: value as SilenceOutcome } })}
          />
        ))}
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t(work ? "rule.reviewTime" : "saleReview")}
          value={form.review}
          options={days(form.review)}
          error={wrong("money.rules.reviewTime")}
          onChange={(review) => onChange({ review })}
        />
        <Select
          label={t(work ? "rule.responseTime" : "saleResponse")}
          value={form.response}
          options={days(form.response)}
          error={wrong("money.rules.responseTime")}
          onChange={(response) => onChange({ response })}
        />
        {arbiter && (
          <Select
            label={t("rule.rulingTime")}
            value={form.ruling}
            options={days(form.ruling)}
            error={wrong("money.rules.rulingTime")}
            onChange={(ruling) => onChange({ ruling })}
          />
        )}
      </div>
      {sharesOut(form, template) && (
        <Field
          label={t("shareLabel", sides)}
          hint={t("shareHint")}
          inputMode="decimal"
          maxLength={8}
          value={form.share}
          error={wrong("money.rules.fallbackShare")}
          onChange={({ target }) => onChange({ share: target.value })}
          end={<span className="px-2.5">%</span>}
        />
      )}
      {!work && (
        <Field
          label={t("rule.retainedShare")}
          hint={t("retainedHint")}
          inputMode="decimal"
          maxLength={8}
          value={form.retained}
          error={wrong("money.rules.retainedShare")}
          onChange={({ target }) => onChange({ retained: target.value })}
          end={<span className="px-2.5">%</span>}
        />
      )}
    </fieldset>
  );
}
