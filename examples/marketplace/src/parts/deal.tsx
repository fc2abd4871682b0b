import { type Contact, SkrumbleError } from "@skrumble/sdk";
import {
  agreementIdOf,
  type EscrowView,
  readEscrow,
  termsOf,
  verifyAgreement,
  writeText,
} from "@skrumble/sdk/agreements";
import { readIdentity } from "@skrumble/sdk/chain";
import { concludeHire, type JobHire, type JobOffer, readHire, signOffer } from "@skrumble/sdk/jobs";
import { useSession } from "../session.ts";
import { isSkm } from "../skm.ts";
import { type Acting, useAct, useFormats, useLoad } from "../use.ts";
import { useWords } from "../words/index.ts";
import { Contract } from "./contract.tsx";
import { Progress } from "./show.tsx";
import { Steps } from "./steps.tsx";

/** How an offer stands on the chain now. */
interface Standing {
  /** The two parties are not the two who talk here. */
  foreign: boolean;
  hire: JobHire | undefined;
  escrow: EscrowView | undefined;
}

/** An agreement in the conversation: from the offer to the ratings. What it says of its state, the chain says. */
export function Deal({ offer, other, conversationId }: { offer: JobOffer; other: Contact; conversationId: string }) {
  const { words } = useWords();
  const { amount } = useFormats();
  const { chain, client, me } = useSession();
  const { draft } = offer;
  const id = agreementIdOf(termsOf(draft), chain.network);
  const { loaded, again } = useLoad(`deal ${id}`, () => stand(), 3_000);
  const signing = useAct();

  /** By number in the registry: a public ID is another one when keys were changed. */
  async function isForeign(): Promise<boolean> {
    const theirs = draft.parties.find(({ wallet }) => wallet !== me?.wallet);
    const mine = draft.parties.some(({ wallet }) => wallet === me?.wallet);
    if (!theirs || !mine || draft.parties.length !== 2) return true;
    if (theirs.publicId === other.publicId) return false;
    const ids = [theirs.publicId, other.publicId];
    const [one, two] = await Promise.all(ids.map((publicId) => readIdentity(chain, { publicId }, { quorum: true })));
    return one === undefined || one.id !== two?.id;
  }

  async function stand(): Promise<Standing> {
    const foreign = await isForeign();
    try {
      const { escrow } = await verifyAgreement(chain, draft);
      const count = draft.money?.milestones.length ?? 0;
      const [hire, view] = await Promise.all([
        readHire(chain, id),
        escrow && readEscrow(chain, escrow, count, { quorum: true }),
      ]);
      return { foreign, hire, escrow: view };
    } catch (error) {
      if (error instanceof SkrumbleError && error.code === "AGREEMENT_NOT_CONCLUDED") {
        return { foreign, hire: undefined, escrow: undefined };
      }
      throw error;
    }
  }

  const { money } = draft;
  if (!me || !money) return null;
  const standing = loaded.state === "ready" ? loaded.value : undefined;
  if (standing?.foreign) return <p className="failure">{words.deal.invalid}</p>;
  const role = draft.parties[0]?.wallet === me.wallet ? "client" : "freelancer";
  const over = draft.signBy * 1000 < Date.now();
  const total = money.milestones.reduce((sum, step) => sum + step.amount, 0n);
  const under = signing.stage === "sending" || signing.stage === "doubt" ? signing.stage : undefined;
  const chip = standing?.escrow
    ? standing.escrow.finished
      ? "finished"
      : "running"
    : under
      ? under
      : over
        ? "expired"
        : role === "client"
          ? "theirs"
          : "yours";
  const signs = standing !== undefined && !standing.escrow && role === "freelancer" && !over;
  return (
    <article className="card deal" aria-label={`${words.deal.kind}: ${draft.values.job}`}>
      <div className="row">
        <span className="label">{words.deal.kind}</span>
        <span className={`chip ${chip}`}>{words.deal[chip]}</span>
      </div>
      <h2>{draft.values.job}</h2>
      <p className="big">{amount(total, money.asset)}</p>
      <details open={signs}>
        <summary>{words.offer.read}</summary>
        <Contract text={writeText(draft)} />
      </details>
      {signs &&
        (isSkm(chain, money.asset) ? (
          <Sign offer={offer} acting={signing} onDone={again} />
        ) : (
          <p>{words.deal.otherToken}</p>
        ))}
      {standing?.escrow && !standing.hire && <Record offer={offer} onDone={again} />}
      {standing?.escrow && (
        <Steps
          {...{ role, id, milestones: money.milestones, asset: money.asset, onDone: again }}
          other={other.pseudonym}
          say={async (text) => void (await client.conversations.open(conversationId).sendText(text))}
          escrow={standing.escrow}
          hire={standing.hire}
        />
      )}
    </article>
  );
}

function Sign({ offer, acting, onDone }: { offer: JobOffer; acting: Acting; onDone: () => void }) {
  const { words } = useWords();
  const { chain, wallet } = useSession();
  const sign = () =>
    acting.act(async (signs) => {
      await concludeHire(chain, await signOffer(chain, offer, signs(await wallet())));
      onDone();
    });
  return (
    <>
      <button type="button" className="primary" disabled={acting.busy} onClick={() => void sign()}>
        {words.deal.sign}
      </button>
      <Progress of={acting} />
    </>
  );
}

/** The agreement is on chain, but the board does not know of it: a page was closed halfway. Without it nobody can rate. */
function Record({ offer, onDone }: { offer: JobOffer; onDone: () => void }) {
  const { words } = useWords();
  const { chain } = useSession();
  const acting = useAct();
  const record = () =>
    acting.act(async () => {
      await concludeHire(chain, offer);
      onDone();
    });
  return (
    <>
      <p className="notice">{words.deal.unrecorded}</p>
      <button type="button" className="primary" disabled={acting.busy} onClick={() => void record()}>
        {words.deal.record}
      </button>
      <Progress of={acting} />
    </>
  );
}
