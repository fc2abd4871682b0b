"use client";
import { useTranslations } from "next-intl";
import { DropdownMenu } from "radix-ui";
import { chooseTone, useEmojiChoice } from "./choice.ts";
import { emojis, inTone, type Tone } from "./emoji.ts";

const tones = [0, 1, 2, 3, 4, 5] as const;
const hand = emojis.find(({ sign }) => sign === "👋");

export function TonePicker() {
  const t = useTranslations("emoji.tones");
  const tone = useEmojiChoice((state) => state.tone);
  const show = (one: Tone) => (hand ? inTone(hand, one) : "");
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={t("label")}
        title={t("label")}
        className="pressable flex size-11 shrink-0 items-center justify-center rounded-md text-[1.375rem] hover:bg-raised"
      >
        {show(tone)}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="anim-grow z-60 rounded-md border border-hairline bg-float p-1 shadow-float"
        >
          <DropdownMenu.RadioGroup
            value={String(tone)}
            onValueChange={(next) => chooseTone(Number(next) as Tone)}
            className="flex"
          >
            {tones.map((one) => (
              <DropdownMenu.RadioItem
                key={one}
                value={String(one)}
                aria-label={t(`${one}`)}
                className="flex size-11 cursor-pointer items-center justify-center rounded-sm text-[1.375rem] outline-none data-[highlighted]:bg-raised data-[state=checked]:bg-accent-soft"
              >
                {show(one)}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
