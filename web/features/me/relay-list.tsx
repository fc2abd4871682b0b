"use client";
import { useTranslations } from "next-intl";
import type { RelayStatus } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";

const dots = { online: "bg-good", connecting: "bg-wait", offline: "bg-bad" };

export function RelayList({ relays, plain }: { relays: RelayStatus[]; plain?: boolean }) {
  const t = useTranslations("me");
  const words = { online: t("relayOnline"), connecting: t("relayConnecting"), offline: t("relayOffline") };
  return (
    <ul className={cx("flex flex-col", !plain && "divide-y divide-hairline")}>
      {relays.map((relay) => (
        <li key={relay.id} className={cx("flex items-center gap-3", plain ? "min-h-8" : "min-h-14 px-4 py-2")}>
          <span aria-hidden className={cx("size-2 shrink-0 rounded-full", dots[relay.state])} />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-ink">{hostOf(relay.endpoint)}</span>
            {!plain && (
              <span className="block text-12 text-ink-faint">
                {[relay.region, relay.carriesMyMailbox && t("relayYours")].filter(Boolean).join(" · ")}
              </span>
            )}
          </span>
          <span className="tabular text-13 text-ink-faint">
            <span className={cx(relay.state === "online" && relay.rttMs !== undefined && "sr-only")}>
              {words[relay.state]}
            </span>
            {relay.state === "online" && relay.rttMs !== undefined && t("rtt", { ms: Math.round(relay.rttMs) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
