import { maxWords } from "../sealed.ts";
import { useDraft } from "../use.ts";
import { useWords } from "../words/index.ts";

interface ReasonProps {
  /** Where the words are kept. */
  of: string;
  title: string;
  busy: boolean;
  onSend: (said: string, arrived: () => void) => void;
}

/** Why something is not accepted: for the other side to read, and a hash of it for the chain. */
export function Reason({ of, title, busy, onSend }: ReasonProps) {
  const { words } = useWords();
  const { text, type, arrived } = useDraft(of);
  return (
    <form
      className="reason"
      onSubmit={(event) => {
        event.preventDefault();
        onSend([words.deal.changes(title), text.trim()].filter(Boolean).join("\n"), arrived);
      }}
    >
      <label>
        {words.deal.reason}
        <textarea rows={3} maxLength={maxWords - 200} value={text} onChange={(event) => type(event.target.value)} />
        <small>{words.deal.reasonHint}</small>
      </label>
      <button type="submit" disabled={busy}>
        {words.deal.sendReason}
      </button>
    </form>
  );
}
