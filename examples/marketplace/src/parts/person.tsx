import { type RegisteredPerson, readScore } from "@skrumble/sdk/jobs";
import { useSession } from "../session.ts";
import { useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Face } from "./face.tsx";

/** Somebody with their face and what others say of them, in one line. */
export function PersonLine({ person, link = true }: { person: RegisteredPerson | undefined; link?: boolean }) {
  const { words } = useWords();
  if (!person) return <span className="person soft">{words.job.unknown}</span>;
  const inside = (
    <>
      <Face id={person.publicId} size={28} />
      <span className="who">{person.pseudonym}</span>
      <Stars id={person.id} />
    </>
  );
  return link ? (
    <a className="person" href={`#/person/${person.id}`}>
      {inside}
    </a>
  ) : (
    <span className="person">{inside}</span>
  );
}

function Stars({ id }: { id: bigint }) {
  const { words } = useWords();
  const { stars } = useFormats();
  const { chain } = useSession();
  const { loaded } = useLoad(`stars ${id}`, (signal) => readScore(chain, id, { signal }));
  if (loaded.state !== "ready") return null;
  const { average, count } = loaded.value;
  return (
    <span className="stars" title={words.me.ratingsOf(count)}>
      {average === undefined ? words.me.newcomer : `★ ${stars(average)} (${count})`}
    </span>
  );
}
