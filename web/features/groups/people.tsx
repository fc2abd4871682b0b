"use client";
import { Crown, Ellipsis, History, Shield, ShieldOff, UserMinus, UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GroupMember, GroupSummary } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Face } from "../contacts/face.tsx";
import { useContacts } from "../contacts/model.ts";
import { Section } from "../me/section.tsx";
import { useIdentity } from "../session/use-client.ts";
import { AddSheet } from "./add-sheet.tsx";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import { actionsOn, inOrder, isAdmin, type PersonAction } from "./model.ts";
import { Problem } from "./problem.tsx";
import { ShareSheet } from "./share-sheet.tsx";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

const icons = { shareHistory: History, makeAdmin: Shield, makeMember: ShieldOff, makeOwner: Crown, remove: UserMinus };
const roles = { makeAdmin: "admin", makeMember: "member", makeOwner: "owner" } as const;

/** Who is in, who has been asked in, and what one may do about them. */
export function People({ summary }: { summary: GroupSummary }) {
  const t = useTranslations("groups");
  const { publicId: own } = useIdentity();
  const contacts = useContacts((state) => state.contacts);
  const { id, group } = summary;
  const actions = useGroup(id);
  const { busy, error, run } = useRun<string>();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<GroupMember>();
  const [sharing, setSharing] = useState<GroupMember>();
  const act = (action: PersonAction, person: GroupMember) => {
    if (action === "remove") setRemoving(person);
    else if (action === "shareHistory") setSharing(person);
    else void run(person.publicId, () => actions.setRole(person.publicId, roles[action]));
  };
  return (
    <Section title={t("people")}>
      {isAdmin(group) && (
        <button
          type="button"
          onClick={() => setAdding(true)}
          className="pressable flex min-h-14 w-full items-center gap-3 px-4 font-medium text-accent-ink -outline-offset-2 hover:bg-raised"
        >
          <span className="flex size-9 items-center justify-center rounded-full bg-accent-soft">
            <UserPlus aria-hidden className="size-4.5" />
          </span>
          {t("add")}
        </button>
      )}
      <ul aria-label={t("people")} className="divide-y divide-hairline">
        {inOrder(group.people, own).map((person) => {
          const { publicId, pseudonym, role, devices } = person;
          const possible = actionsOn(group, own, person);
          return (
            <li key={publicId} className="flex min-h-14 items-center gap-3 py-2 pr-1 pl-4">
              <Face contact={contacts[publicId] ?? { publicId }} size={36} />
              <span className="min-w-0 flex-1">
                <bdi className="block truncate">{publicId === own ? t("you") : pseudonym}</bdi>
                <span className="block text-12 text-ink-faint">{t("devices", { count: devices })}</span>
              </span>
              {role !== "member" && <Chip tone={role === "owner" ? "accent" : "plain"}>{t(`role.${role}`)}</Chip>}
              {possible.length > 0 ? (
                <Menu
                  entries={possible.map((action) => {
                    const Icon = icons[action];
                    return {
                      label: t(action),
                      icon: <Icon />,
                      danger: action === "remove",
                      onSelect: () => act(action, person),
                    };
                  })}
                >
                  <IconButton label={t("personMore", { name: pseudonym })} disabled={busy === publicId}>
                    <Ellipsis aria-hidden className="size-5" />
                  </IconButton>
                </Menu>
              ) : (
                <span className="w-2" />
              )}
            </li>
          );
        })}
      </ul>
      {group.invited.length > 0 && (
        <ul aria-label={t("invited")} className="divide-y divide-hairline">
          {group.invited.map((person) => (
            <li key={person.publicId} className="flex min-h-14 items-center gap-3 px-4 py-2">
              <Face contact={contacts[person.publicId] ?? person} size={36} className="opacity-60" />
              <span className="min-w-0 flex-1">
                <bdi className="block truncate text-ink-soft">{person.pseudonym}</bdi>
                <span className="block text-12 text-ink-faint">{t("invitedWait")}</span>
              </span>
              <Chip tone="wait">{t("invited")}</Chip>
            </li>
          ))}
        </ul>
      )}
      <Problem code={error} />
      {adding && <AddSheet summary={summary} onClose={() => setAdding(false)} />}
      {sharing && <ShareSheet id={id} person={sharing} onClose={() => setSharing(undefined)} />}
      {removing && (
        <ConfirmSheet
          danger
          title={t("removeTitle", { name: removing.pseudonym })}
          text={t("removeText", { name: removing.pseudonym })}
          action={t("removeAction")}
          onConfirm={() => actions.remove(removing.publicId)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Section>
  );
}
