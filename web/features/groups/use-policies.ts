import { useTranslations } from "next-intl";
import type { JoinPolicy, WritePolicy } from "../../lib/types.ts";

const write: readonly WritePolicy[] = ["all", "admins"];
const join: readonly JoinPolicy[] = ["approval", "open", "closed"];

/** What can be decided for a group, in words. */
export function usePolicies() {
  const t = useTranslations("groups");
  return {
    write: write.map((value) => ({ value, label: t(`write.${value}`) })),
    join: join.map((value) => ({ value, label: t(`join.${value}`) })),
  };
}
