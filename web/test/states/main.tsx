import { NextIntlClientProvider } from "next-intl";
import { createRoot } from "react-dom/client";
import { loadAmounts } from "../../lib/amounts.ts";
import type { Language } from "../../lib/language.ts";
import { holdVault } from "../../lib/vault.ts";
import { TipProvider } from "../../ui/tip.tsx";
import { Toaster } from "../../ui/toaster.tsx";
import { messages as all } from "../all-messages.ts";
import { memoryVault } from "../memory-vault.ts";
import { agreements } from "./agreements.tsx";
import { chains } from "./chains.tsx";
import { joining } from "./joining.tsx";
import { membership } from "./membership.tsx";
import { packets } from "./packets.tsx";
import { payments } from "./payments.tsx";
import { proofs } from "./proofs.tsx";
import { relays } from "./relays.tsx";
import { type States, shown } from "./stage.tsx";

/**
 * Shows one state of one screen, made up: of what the address asks for, in its language and theme. It is there to be looked at, since
 * many a state takes an outage, a thief or a week to come by; that the dApp gets there is for the tests to show.
 */
const states: States = {
  ...joining,
  ...payments,
  ...chains,
  ...packets,
  ...agreements,
  ...proofs,
  ...membership,
  ...relays,
};

const asked = new URLSearchParams(location.search);
const language: Language = asked.get("language") === "zh-CN" ? "zh-CN" : "en";
const messages = all[language];
const name = asked.get("state") ?? "";
document.documentElement.lang = language;
document.documentElement.dataset.theme = asked.get("theme") ?? "light";
document.title = name;

type Words = { [key: string]: string | Words };
function t(key: string, values: Record<string, string> = {}): string {
  const words = key.split(".").reduce<string | Words | undefined>((at, part) => (at as Words)?.[part], messages);
  if (typeof words !== "string") throw new Error(`There are no words for ${key}.`);
  return words.replace(/\{(\w+)\}/g, (whole, value: string) => values[value] ?? whole);
}

const state = states[name];
let stage = document.getElementById("stage") as HTMLElement;
if (state?.isPage) {
  const page = Object.assign(document.createElement("div"), { id: "stage" });
  stage.replaceWith(page);
  stage = page;
}
if (state) {
  holdVault(memoryVault());
  await loadAmounts();
  createRoot(stage).render(
    <NextIntlClientProvider
      locale={language}
      messages={messages}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      <TipProvider>
        {!state.isPage && <h1 className="sr-only">{name}</h1>}
        {state.show(language)}
        <Toaster />
      </TipProvider>
    </NextIntlClientProvider>,
  );
  try {
    await state.reach?.(t);
    await shown(t(state.shows));
  } catch (error) {
    // Its first line: what follows is the whole page.
    document.documentElement.dataset.failed = (error as Error).message.split("\n")[0];
  }
} else {
  stage.innerHTML = `<h1>States</h1><ul></ul>`;
  for (const each of Object.keys(states)) {
    const link = Object.assign(document.createElement("a"), { href: `?state=${each}`, textContent: each });
    stage.querySelector("ul")?.append(Object.assign(document.createElement("li"), { id: each }));
    document.getElementById(each)?.append(link);
  }
}
document.documentElement.dataset.ready = Object.keys(states).join(" ");
