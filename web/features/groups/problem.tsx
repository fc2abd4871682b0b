import type { ErrorCode } from "../../lib/types.ts";
import { useErrorText } from "../shell/use-error-text.ts";

/** What went wrong with something in a section of the group's details. */
export function Problem({ code }: { code: ErrorCode | undefined }) {
  const errorText = useErrorText();
  if (!code) return null;
  return (
    <p role="alert" className="px-4 py-2 text-13 text-bad">
      {errorText(code)}
    </p>
  );
}
