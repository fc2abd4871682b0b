"use client";
import { useTranslations } from "next-intl";
import { Segmented } from "../../ui/segmented.tsx";
import { SwitchRow } from "../../ui/switch.tsx";

interface SplitOptionsProps {
  how: "total" | "each";
  onHow(how: "total" | "each"): void;
  withMe: boolean;
  onWithMe(withMe: boolean): void;
}

/** Whether the amount is the whole bill, and whether the asker has a share of it. */
export function SplitOptions({ how, onHow, withMe, onWithMe }: SplitOptionsProps) {
  const t = useTranslations("money");
  return (
    <div className="mb-4">
      <Segmented
        label={t("splitHow")}
        value={how}
        options={[
          { value: "total", label: t("splitTotal") },
          { value: "each", label: t("splitEach") },
        ]}
        onChange={onHow}
      />
      {how === "total" && (
        <div className="-mx-4">
          <SwitchRow label={t("splitWithMe")} checked={withMe} onChange={onWithMe} />
        </div>
      )}
    </div>
  );
}
