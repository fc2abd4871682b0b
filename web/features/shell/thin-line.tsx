"use client";
import { useTranslations } from "next-intl";
import { cx } from "../../ui/cx.ts";
import { lineOf, useConnection } from "./connection.ts";
import { useUpdate } from "./update.ts";

/** A change of network shows as a thin line, not as a dialogue. */
export function ThinLine() {
  const t = useTranslations("line");
  const line = lineOf(useConnection());
  const update = useUpdate();
  return (
    <div role="status" aria-live="polite">
      {line ? (
        <p
          className={cx(
            "anim-fade px-4 py-1.5 text-center text-13",
            line.kind === "offline" ? "bg-wait-soft text-wait" : "bg-raised text-ink-soft",
          )}
        >
          {line.kind === "degraded"
            ? t("degraded", { online: line.online, total: line.total })
            : line.kind === "catching-up"
              ? t("catchingUp", { left: line.left })
              : t(line.kind)}
        </p>
      ) : (
        update.ready && (
          <p className="anim-fade bg-accent-soft px-4 py-1 text-center text-13 text-accent-ink">
            {t("update")}{" "}
            <button
              type="button"
              className="min-h-8 font-semibold underline underline-offset-4"
              onClick={update.reload}
            >
              {t("reload")}
            </button>
          </p>
        )
      )}
    </div>
  );
}
