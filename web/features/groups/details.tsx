"use client";
import { Pencil, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMediaQuery } from "../../lib/media-query.ts";
import type { GroupSummary, MessageId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { GroupFace } from "../contacts/group-face.tsx";
import { EditSheet } from "./edit-sheet.tsx";
import { LeaveRow } from "./leave-row.tsx";
import { isAdmin } from "./model.ts";
import { OwnSettings } from "./own-settings.tsx";
import { People } from "./people.tsx";
import { Pinned } from "./pinned.tsx";
import { Requests } from "./requests.tsx";
import { Rules } from "./rules.tsx";

/** From here on there is room for a third column. */
const roomyScreen = "(min-width: 1280px)";

export interface GroupDetailsProps {
  summary: GroupSummary;
  onClose(): void;
  /** Shows a message where it was said. */
  onJump(id: MessageId): void;
  /** Who can read this. */
  onTrust(): void;
}

/** Everything about a group: a column on a roomy screen, slid over below that, a sheet on a phone. */
export default function GroupDetails(props: GroupDetailsProps) {
  const t = useTranslations("groups");
  const common = useTranslations("common");
  const roomy = useMediaQuery(roomyScreen);
  if (!roomy) {
    // It covers what one jumps to.
    const jump = (id: MessageId) => {
      props.onClose();
      props.onJump(id);
    };
    return (
      <Sheet open onClose={props.onClose} kind="side" title={t("details")}>
        <Content {...props} onJump={jump} />
      </Sheet>
    );
  }
  return (
    <aside
      aria-label={t("details")}
      className="anim-fade flex h-full w-88 shrink-0 flex-col border-l border-hairline bg-surface"
    >
      <header className="flex h-15 shrink-0 items-center justify-between border-b border-hairline pr-2 pl-5">
        <h2 className="font-semibold">{t("details")}</h2>
        <IconButton label={common("close")} onClick={props.onClose}>
          <X aria-hidden className="size-5" />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 pt-5 pb-8">
        <Content {...props} />
      </div>
    </aside>
  );
}

function Content({ summary, onClose, onJump, onTrust }: GroupDetailsProps) {
  const t = useTranslations("groups");
  const silent = useTranslations("conversation.silent");
  const { id, group } = summary;
  const [editing, setEditing] = useState(false);
  return (
    <>
      <div className="flex flex-col items-center text-center">
        <GroupFace id={id} picture={group.picture} size={88} />
        <p className="mt-3 max-w-full text-20 font-semibold tracking-[-0.015em] [overflow-wrap:anywhere]">
          <bdi>{group.name}</bdi>
        </p>
        <p className="text-13 text-ink-faint">{t("count", { count: group.people.length })}</p>
        {group.description && (
          <p className="mt-2 max-w-full text-ink-soft [overflow-wrap:anywhere] whitespace-pre-line">
            {group.description}
          </p>
        )}
        {isAdmin(group) && (
          <Button small look="plain" className="mt-2" onClick={() => setEditing(true)}>
            <Pencil aria-hidden className="size-4" />
            {t("edit")}
          </Button>
        )}
      </div>
      <div role="status">
        {group.settling && (
          <p className="anim-late mt-4 rounded-sm bg-wait-soft px-3 py-1.5 text-center text-13 text-wait">
            {t("settling")}
          </p>
        )}
      </div>
      {group.left && (
        <p className="mt-4 rounded-md bg-raised px-4 py-3 text-13 text-ink-soft">
          {silent(group.left)} {t("leftWay")}
        </p>
      )}
      <Requests summary={summary} />
      <People summary={summary} />
      <Pinned summary={summary} onJump={onJump} />
      {!group.left && <Rules summary={summary} onTrust={onTrust} />}
      <OwnSettings summary={summary} />
      {!group.left && <LeaveRow summary={summary} onLeft={onClose} />}
      {editing && <EditSheet summary={summary} onClose={() => setEditing(false)} />}
    </>
  );
}
