import { useFormatter, useTranslations } from "next-intl";
import type { Notice, PublicId } from "../../lib/types.ts";
import type { NameOf } from "../message/types.ts";
import { useTimerText } from "../timer/use-timer-text.ts";

const writeKeys = { all: "writeAll", admins: "writeAdmins" } as const;
const joinKeys = { approval: "joinApproval", open: "joinOpen", closed: "joinClosed" } as const;

/** The sentence of a notice, also for the list of chats. */
export function useNoticeText(me: PublicId, nameOf: NameOf): (notice: Notice) => string {
  const t = useTranslations("notices");
  const format = useFormatter();
  const timer = useTimerText();
  const subject = (person: PublicId) => (person === me ? t("you") : nameOf(person));
  const object = (person: PublicId) => (person === me ? t("youObject") : nameOf(person));
  const all = (people: readonly PublicId[], name: (person: PublicId) => string) =>
    format.list(people.map(name), { type: "conjunction" });
  return (notice) => {
    if (notice.kind === "left") return t("left", { people: all(notice.people, subject) });
    const by = subject(notice.by);
    switch (notice.kind) {
      case "added":
        // Whoever was asked in, or has the link, comes in by themselves.
        if (notice.people.every((person) => person === notice.by)) return t("joined", { by });
        return t("added", { by, people: all(notice.people, object) });
      case "removed":
        return t("removed", { by, people: all(notice.people, object) });
      case "name":
        return t("name", { by, name: notice.name });
      case "role":
        return t(notice.role, { by, person: object(notice.person) });
      case "write":
        return t(writeKeys[notice.write], { by });
      case "join":
        return t(joinKeys[notice.join], { by });
      case "timer":
        return notice.seconds > 0 ? t("timer", { by, time: timer(notice.seconds) }) : t("timerOff", { by });
      case "shared": {
        const people = { by, person: object(notice.person) };
        if (notice.since === undefined) return t("shared", people);
        return t("sharedSince", { ...people, since: format.dateTime(notice.since, { dateStyle: "medium" }) });
      }
      default:
        return t(notice.kind, { by });
    }
  };
}
