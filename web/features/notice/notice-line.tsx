"use client";
import {
  Crown,
  DoorOpen,
  History,
  ImageIcon,
  LogOut,
  MessageSquarePlus,
  PenLine,
  Pin,
  PinOff,
  Timer,
  UserMinus,
  UserPlus,
  UsersRound,
} from "lucide-react";
import type { Notice, PublicId } from "../../lib/types.ts";
import type { NameOf } from "../message/types.ts";
import { useNoticeText } from "./use-notice-text.ts";

const icons = {
  created: MessageSquarePlus,
  picture: ImageIcon,
  description: PenLine,
  added: UserPlus,
  removed: UserMinus,
  left: LogOut,
  name: PenLine,
  role: Crown,
  write: UsersRound,
  join: DoorOpen,
  pinned: Pin,
  unpinned: PinOff,
  timer: Timer,
  shared: History,
} satisfies Record<Notice["kind"], typeof Pin>;

export interface NoticeLineProps {
  notice: Notice;
  me: PublicId;
  nameOf: NameOf;
}

export function NoticeLine({ notice, me, nameOf }: NoticeLineProps) {
  const words = useNoticeText(me, nameOf)(notice);
  const Icon = icons[notice.kind];
  return (
    <p className="mx-auto flex w-fit max-w-[90%] items-center gap-2 px-3 py-1.5 text-center text-12 text-ink-soft">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <bdi className="[overflow-wrap:anywhere]">{words}</bdi>
    </p>
  );
}
