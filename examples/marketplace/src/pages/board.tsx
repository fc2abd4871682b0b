import { type Job, listJobs } from "@skrumble/sdk/jobs";
import { useState } from "react";
import { PersonLine } from "../parts/person.tsx";
import { Empty, Show } from "../parts/show.tsx";
import { useSession } from "../session.ts";
import { useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";

export const stateOf = (job: Job): "open" | "hired" | "closed" | "over" =>
  job.state === "open" && job.applyBy * 1000 < Date.now() ? "over" : job.state;

export const budgetOf = ({ listing }: Job): bigint =>
  (listing?.milestones ?? []).reduce((sum, { amount }) => sum + amount, 0n);

export function Board() {
  const { words } = useWords();
  const { chain } = useSession();
  const [query, setQuery] = useState("");
  const [onlyOpen, setOnlyOpen] = useState(true);
  const [earlier, setEarlier] = useState<{ jobs: Job[]; older: bigint | undefined }>();
  const { busy, act } = useAct();
  const { loaded, again } = useLoad("board", (signal) => listJobs(chain, {}, { signal }), 15_000);

  return (
    <main>
      <header className="hero">
        <h1>{words.board.title}</h1>
        <p>{words.board.lead}</p>
      </header>
      <div className="tools">
        <input
          type="search"
          value={query}
          placeholder={words.board.search}
          aria-label={words.board.search}
          onChange={(event) => setQuery(event.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={onlyOpen} onChange={(event) => setOnlyOpen(event.target.checked)} />
          {words.board.onlyOpen}
        </label>
      </div>
      <Show of={loaded} again={again}>
        {(page) => {
          const all = [...page.jobs, ...(earlier?.jobs ?? [])];
          const shown = all.filter((job) => job.listing && fits(job, query) && (!onlyOpen || stateOf(job) === "open"));
          const hidden = all.filter(({ listing }) => !listing).length;
          const older = earlier ? earlier.older : page.older;
          const more = async () => {
            if (!older) return;
            const next = await listJobs(chain, { before: older });
            setEarlier({ jobs: [...(earlier?.jobs ?? []), ...next.jobs], older: next.older });
          };
          return (
            <>
              {shown.length === 0 &&
                (all.length > 0 ? (
                  <Empty text={words.board.none} />
                ) : (
                  <Empty text={words.board.empty}>
                    <a className="button" href="#/post">
                      {words.board.emptyAct}
                    </a>
                  </Empty>
                ))}
              <ul className="jobs">
                {shown.map((job) => (
                  <li key={String(job.id)}>
                    <JobCard job={job} />
                  </li>
                ))}
              </ul>
              {hidden > 0 && <p className="soft small">{words.board.hidden(hidden)}</p>}
              {older && (
                <button type="button" className="quiet" disabled={busy} onClick={() => void act(more)}>
                  {words.board.older}
                </button>
              )}
            </>
          );
        }}
      </Show>
    </main>
  );
}

function fits({ listing, poster }: Job, query: string): boolean {
  const text = [listing?.title, listing?.requirements, poster?.pseudonym, ...(listing?.skills ?? [])].join("\n");
  return text.toLowerCase().includes(query.trim().toLowerCase());
}

function JobCard({ job }: { job: Job }) {
  const { words } = useWords();
  const { amount, day } = useFormats();
  const { listing } = job;
  if (!listing) return null;
  const state = stateOf(job);
  return (
    <article className="card job">
      <div className="row">
        <h2>
          <a href={`#/job/${job.id}`}>{listing.title}</a>
        </h2>
        <span className={`chip ${state}`}>{words.job.state[state]}</span>
      </div>
      <p className="clip">{listing.requirements}</p>
      {listing.skills.length > 0 && (
        <p className="skills">
          {listing.skills.map((skill) => (
            <span key={skill}>{skill}</span>
          ))}
        </p>
      )}
      <div className="row foot">
        <strong className="money">{amount(budgetOf(job), listing.asset)}</strong>
        <span className="soft">{words.job.steps(listing.milestones.length)}</span>
        <span className="soft">{words.job.until(day(job.applyBy))}</span>
        <PersonLine person={job.poster} />
      </div>
    </article>
  );
}
