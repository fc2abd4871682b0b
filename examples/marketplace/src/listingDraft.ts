import { maxMilestones } from "@skrumble/sdk/agreements";

/** The form of a job as somebody has typed it, right or wrong. */
export interface ListingTexts {
  title: string;
  requirements: string;
  deliverables: string;
  skills: string;
  rights: string;
  until: string;
  /** In which it was begun; undefined of what was kept before that was noted. */
  language: string | undefined;
  steps: Step[];
}

export interface Step {
  key: number;
  title: string;
  amount: string;
  days: string;
}

const fields = ["title", "requirements", "deliverables", "skills", "rights", "until"] as const;
type Fields = Record<(typeof fields)[number], string>;
/** Of any field: none of the form is longer. */
const longest = 4000;

export const textsIn = (form: FormData, steps: readonly Step[], language: string): ListingTexts => ({
  ...(Object.fromEntries(fields.map((name) => [name, String(form.get(name) ?? "")])) as Fields),
  language,
  steps: [...steps],
});

/** What was kept of it; undefined where that is nothing, or damaged. */
export function readTexts(json: string | undefined): ListingTexts | undefined {
  try {
    const kept = JSON.parse(json ?? "null");
    const isText = (value: unknown) => typeof value === "string" && value.length <= longest;
    const isStep = (step: Step | null) => [step?.title, step?.amount, step?.days].every(isText);
    const hasSteps = Array.isArray(kept?.steps) && kept.steps.length > 0 && kept.steps.length <= maxMilestones;
    if (!hasSteps || !fields.every((name) => isText(kept[name])) || !kept.steps.every(isStep)) return undefined;
    if (kept.language !== undefined && !isText(kept.language)) return undefined;
    const texts = Object.fromEntries(fields.map((name) => [name, kept[name]])) as Fields;
    const steps = kept.steps.map(({ title, amount, days }: Step, key: number) => ({ key, title, amount, days }));
    return { ...texts, language: kept.language, steps };
  } catch {
    return undefined;
  }
}
