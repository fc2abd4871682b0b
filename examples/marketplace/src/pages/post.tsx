import { parseAmount } from "@skrumble/sdk";
import { maxMilestones } from "@skrumble/sdk/agreements";
import {
  editJob,
  hashListing,
  type Job,
  type Listing,
  listJobs,
  parseListing,
  postJob,
  type RegisteredPerson,
  readJob,
} from "@skrumble/sdk/jobs";
import { useEffect, useRef, useState } from "react";
import { keepWords, wordsOf } from "../kept.ts";
import { type ListingTexts, readTexts, type Step, textsIn } from "../listingDraft.ts";
import { recall, remember } from "../memory.ts";
import { Progress, Show } from "../parts/show.tsx";
import { useSession } from "../session.ts";
import { skmDecimals } from "../skm.ts";
import type { Signs } from "../stages.ts";
import { go, useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";

const dayMs = 86_400_000;
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

export function EditPage({ id }: { id: bigint }) {
  const { chain } = useSession();
  const { loaded, again } = useLoad(`edit ${id}`, (signal) => readJob(chain, id, { signal }));
  return (
    <Show of={loaded} again={again}>
      {(job) => <PostPage job={job} />}
    </Show>
  );
}

/** A new job, or a change of `job`. */
export function PostPage({ job }: { job?: Job }) {
  const { words } = useWords();
  const { client, me } = useSession();
  // What was typed about an older text would take back what came since.
  const of = job ? `listing ${job.id} ${job.listingHash}` : "listing new";
  const { loaded, again } = useLoad(of, async () => readTexts(await wordsOf(client, of)));
  if (!me) {
    return (
      <main className="narrow">
        <h1>{words.post.title}</h1>
        <p>{words.join.first}</p>
        <a className="button primary" href="#/me">
          {words.join.title}
        </a>
      </main>
    );
  }
  return (
    <Show of={loaded} again={again}>
      {(typed) => <PostForm job={job} typed={typed} me={me} of={of} />}
    </Show>
  );
}

interface PostFormProps {
  job: Job | undefined;
  /** What was typed before, and has not arrived. */
  typed: ListingTexts | undefined;
  me: RegisteredPerson;
  /** Where it is kept. */
  of: string;
}

function PostForm({ job, typed, me, of }: PostFormProps) {
  const { words, locale } = useWords();
  const { amount } = useFormats();
  const { chain, client, wallet } = useSession();
  const acting = useAct();
  const before = job?.listing;
  const asset = {
    chainId: chain.network.chainId,
    token: chain.network.contracts.skm,
    symbol: "SKM",
    decimals: skmDecimals,
  };
  const plain = (units: bigint) => amount(units, asset).split(" ")[0] ?? "";
  const [steps, setSteps] = useState<Step[]>(
    typed?.steps ??
      before?.milestones.map(({ title, amount: units, days }, key) => ({
        ...{ key, title, amount: plain(units), days: String(days) },
      })) ?? [{ key: 0, title: "", amount: "", days: "7" }],
  );
  const form = useRef<HTMLFormElement>(null);
  /** What nobody has changed is not kept. */
  const isChanged = useRef(false);
  /** Of the texts, from the first that is typed on: whoever reads the page in another one later has written the same. */
  const language = useRef(typed?.language ?? before?.language);
  const texts = (form: HTMLFormElement) => {
    language.current ??= locale;
    return textsIn(new FormData(form), steps, language.current);
  };
  const keep = () => {
    if (form.current && isChanged.current) void keepWords(client, of, JSON.stringify(texts(form.current)));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: other fields tell of their changes by themselves
  useEffect(keep, [steps]);
  const change = (key: number, part: Partial<Step>) =>
    setSteps((all) => all.map((step) => (step.key === key ? { ...step, ...part } : step)));
  const units = (text: string): bigint => parseAmount(text, asset.decimals, locale);
  /** While one is typed it may be none yet. */
  const unitsOrNone = (text: string): bigint => {
    try {
      return units(text);
    } catch {
      return 0n;
    }
  };
  const total = steps.reduce((sum, step) => sum + unitsOrNone(step.amount), 0n);

  const send = async (texts: ListingTexts, signs: Signs) => {
    const listing = parseListing({
      ...{ language: texts.language ?? locale, chainId: asset.chainId, poster: me.publicId, asset },
      ...{ title: texts.title, requirements: texts.requirements, deliverables: texts.deliverables },
      rights: texts.rights,
      skills: texts.skills
        .split(/[,，、]/)
        .map((skill) => skill.trim())
        .filter(Boolean)
        .slice(0, 8),
      milestones: steps.map(({ title, amount: typed, days }) => ({
        ...{ title, amount: units(typed), days: Number(days) },
      })),
    });
    const applyBy = Math.floor(new Date(`${texts.until}T23:59:00`).getTime() / 1000);
    const known = job ? undefined : await postedBefore(listing, applyBy);
    const signer = signs(await wallet());
    // Before anything is signed: once the chain names a text that nobody has, it is lost.
    remember(hashListing(listing), listing);
    const jobId = job?.id ?? known ?? (await postJob(chain, { listing, applyBy }, signer)).jobId;
    if (job) await editJob(chain, { jobId, listing, applyBy }, signer);
    await keepWords(client, of, "");
    go(`/job/${jobId}`);
  };

  /** One that was signed here before, and was in doubt, may be on the board: it is not posted twice. */
  const postedBefore = async (listing: Listing, applyBy: number): Promise<bigint | undefined> => {
    const hash = hashListing(listing);
    if (!recall(hash)) return undefined;
    const { jobs } = await listJobs(chain, { limit: 50 });
    const isSame = (one: Job) => one.listingHash === hash && one.applyBy === applyBy && one.poster?.id === me.id;
    return jobs.find((one) => isSame(one) && one.state === "open")?.id;
  };

  return (
    <main className="narrow">
      <h1>{job ? words.post.editTitle : words.post.title}</h1>
      <form
        ref={form}
        onChange={() => {
          isChanged.current = true;
          keep();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          const typed = texts(event.currentTarget);
          void acting.act((signs) => send(typed, signs));
        }}
      >
        <label>
          {words.post.what}
          <input name="title" required maxLength={120} defaultValue={typed?.title ?? before?.title} />
        </label>
        <label>
          {words.post.requirements}
          <textarea
            name="requirements"
            required
            rows={5}
            maxLength={4000}
            defaultValue={typed?.requirements ?? before?.requirements}
          />
          <small>{words.post.requirementsHint}</small>
        </label>
        <label>
          {words.post.deliverables}
          <textarea
            name="deliverables"
            required
            rows={2}
            maxLength={2000}
            defaultValue={typed?.deliverables ?? before?.deliverables}
          />
          <small>{words.post.deliverablesHint}</small>
        </label>
        <fieldset>
          <legend>{words.post.steps}</legend>
          {steps.map((step, index) => (
            <fieldset className="step" key={step.key} aria-label={words.post.step(index + 1)}>
              <label className="grow">
                {words.post.stepTitle}
                <input
                  required
                  maxLength={120}
                  value={step.title}
                  onChange={(event) => change(step.key, { title: event.target.value })}
                />
              </label>
              <label>
                {words.post.amount}
                <input
                  required
                  inputMode="decimal"
                  size={8}
                  value={step.amount}
                  onChange={(event) => change(step.key, { amount: event.target.value })}
                />
              </label>
              <label>
                {words.post.days}
                <input
                  required
                  inputMode="numeric"
                  pattern="[1-9][0-9]{0,2}"
                  size={4}
                  value={step.days}
                  onChange={(event) => change(step.key, { days: event.target.value })}
                />
              </label>
              {steps.length > 1 && (
                <button
                  type="button"
                  className="quiet"
                  aria-label={`${words.post.remove}: ${words.post.step(index + 1)}`}
                  onClick={() => {
                    isChanged.current = true;
                    setSteps(steps.filter(({ key }) => key !== step.key));
                  }}
                >
                  ×
                </button>
              )}
            </fieldset>
          ))}
          <div className="row">
            {steps.length < maxMilestones && (
              <button
                type="button"
                onClick={() => {
                  isChanged.current = true;
                  const key = Math.max(...steps.map((step) => step.key)) + 1;
                  setSteps([...steps, { key, title: "", amount: "", days: "14" }]);
                }}
              >
                {words.post.add}
              </button>
            )}
            <span className="end">
              {words.post.total} <strong className="money">{amount(total, asset)}</strong>
            </span>
          </div>
        </fieldset>
        <label>
          {words.post.rights}
          <select name="rights" defaultValue={typed?.rights ?? before?.rights ?? "transfer"}>
            <option value="transfer">{words.job.transfer}</option>
            <option value="licence">{words.job.licence}</option>
          </select>
        </label>
        <label>
          {words.post.skills}
          <input name="skills" maxLength={250} defaultValue={typed?.skills ?? before?.skills.join(", ")} />
        </label>
        <label>
          {words.post.until}
          <input
            name="until"
            type="date"
            required
            min={isoDay(Date.now())}
            max={isoDay(Date.now() + 364 * dayMs)}
            defaultValue={typed?.until ?? isoDay(job ? job.applyBy * 1000 : Date.now() + 14 * dayMs)}
          />
        </label>
        <p className="soft">{words.post.publicNote}</p>
        <button type="submit" className="primary" disabled={acting.busy}>
          {job ? words.post.signEdit : words.post.sign}
        </button>
        <Progress of={acting} />
      </form>
    </main>
  );
}
