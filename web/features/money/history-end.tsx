import { useTranslations } from "next-intl";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { useErrorText } from "../shell/use-error-text.ts";

interface HistoryEndProps {
  error: ErrorCode | undefined;
  /** Undefined while there is nothing to read again. */
  onRetry: (() => void) | undefined;
  /** Undefined after the last page. Not offered behind an error. */
  onMore: (() => void) | undefined;
  busy?: boolean;
}

/** What stands below a history that is read page by page. */
export function HistoryEnd({ error, onRetry, onMore, busy = false }: HistoryEndProps) {
  const common = useTranslations("common");
  const search = useTranslations("search");
  const errorText = useErrorText();
  return (
    <>
      {error && (
        <p role="alert" className="py-2 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      {onRetry && (
        <Button look="plain" className="mt-1 w-full" onClick={onRetry}>
          {common("retry")}
        </Button>
      )}
      {!error && onMore && (
        <Button look="plain" className="mt-1 w-full" busy={busy} onClick={onMore}>
          {search("more")}
        </Button>
      )}
    </>
  );
}
