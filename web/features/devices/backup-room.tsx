import { useTranslations } from "next-intl";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import { numberLocale, skm } from "../../lib/money.ts";
import type { BackupAllowance, Millis } from "../../lib/types.ts";
import { useDayClock } from "../../lib/when.ts";
import { useTierName } from "../me/tier.ts";

const day = 86_400_000;
/** A relay's clock may be ahead of this one. */
const tolerance = 3_600_000;

/** What the tier gives the backup, and what is missing for more, before anybody asks for one. `until`: what there is lasts so long. */
export function BackupRoom({ allowance, until }: { allowance: BackupAllowance; until: Millis | undefined }) {
  const t = useTranslations("history");
  const { language } = useLanguage();
  const tierName = useTierName();
  const when = useDayClock();
  const { bytes, days, next } = allowance;
  const tier = tierName(allowance.tier);
  const fell = until !== undefined && Date.now() + days * day + tolerance < until;
  return (
    <div className="px-4 py-2.5 text-13 text-ink-soft">
      {fell ? (
        <p className="text-wait">{t("roomFell", { tier, days, until: when(until) })}</p>
      ) : (
        <p>{days === 0 ? t("noRoom", { tier }) : t("room", { tier, days, size: fileSize(bytes, language) })}</p>
      )}
      {next && (
        <p className="tabular mt-0.5 text-ink-faint">
          {t("roomNext", {
            ...{ missing: skm(next.missing, numberLocale(), "up"), name: tierName(next.name) },
            ...{ size: fileSize(next.bytes, language), days: next.days },
          })}
        </p>
      )}
    </div>
  );
}
