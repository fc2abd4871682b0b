"use client";
import { FileSignature, HandCoins, Plus, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { withLateWords } from "../../lib/language.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { PacketIcon } from "../packets/packet-icon.tsx";

const SendSheet = onDemand(() => withLateWords(import("./send-sheet.tsx")));
const AskSheet = onDemand(() => withLateWords(import("./ask-sheet.tsx")));
const PacketSheet = onDemand(() => withLateWords(import("../packets/create-sheet.tsx")));
const AgreementSheet = onDemand(() => withLateWords(import("../agreements/write-sheet.tsx")));
const sheets = { send: SendSheet, ask: AskSheet, packet: PacketSheet, agreement: AgreementSheet };

interface AttachButtonProps {
  model: ConversationModel;
  summary: ConversationSummary;
}

/** In the composer: what can be sent besides words. */
export function AttachButton({ model, summary }: AttachButtonProps) {
  const t = useTranslations("money");
  const [open, setOpen] = useState<keyof typeof sheets>();
  const Sheet = open && sheets[open];
  return (
    <>
      <Menu
        align="start"
        entries={[
          { label: t("send"), icon: <Send />, opens: true, onSelect: () => setOpen("send") },
          { label: t("ask"), icon: <HandCoins />, opens: true, onSelect: () => setOpen("ask") },
          { label: t("packet"), icon: <PacketIcon />, opens: true, onSelect: () => setOpen("packet") },
          { label: t("agreement"), icon: <FileSignature />, opens: true, onSelect: () => setOpen("agreement") },
        ]}
      >
        <IconButton
          label={t("attach")}
          tipSide="top"
          className="my-0.5 ml-0.5 rounded-[16px]!"
          onPointerEnter={() => {
            for (const sheet of Object.values(sheets)) sheet.preload();
          }}
        >
          <Plus aria-hidden className="size-5" />
        </IconButton>
      </Menu>
      {Sheet && <Sheet model={model} summary={summary} onClose={() => setOpen(undefined)} />}
    </>
  );
}
