import { useTranslations } from "next-intl";
import type { DeviceInfo } from "../../lib/types.ts";

/** What a device is called; one that nobody has named yet too. */
export function useDeviceName(): (device: Pick<DeviceInfo, "name">) => string {
  const t = useTranslations("devices");
  return ({ name }) => name || t("unnamed");
}
