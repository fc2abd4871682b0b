import { create } from "zustand";
import { readLocal, writeLocal } from "./local.ts";

export type ThemeChoice = "system" | "light" | "dark";

interface ThemeState {
  choice: ThemeChoice;
  choose(choice: ThemeChoice): void;
}

/** The theme a person chose; "system" follows the device, also while the page is open. */
export const useTheme = create<ThemeState>((set) => ({
  choice: "system",
  choose(choice) {
    writeLocal("theme", choice === "system" ? null : choice);
    set({ choice });
    apply(choice);
  },
}));

/** Reads the remembered choice and follows the device from now on. Call once, in an effect. */
export function startTheme(): () => void {
  const stored = readLocal("theme");
  const choice: ThemeChoice = stored === "light" || stored === "dark" ? stored : "system";
  useTheme.setState({ choice });
  apply(choice);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => apply(useTheme.getState().choice);
  dark.addEventListener("change", follow);
  return () => dark.removeEventListener("change", follow);
}

function apply(choice: ThemeChoice): void {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = choice === "system" ? system : choice;
  document.documentElement.dataset.theme = theme;
  const colour = theme === "dark" ? "#131416" : "#fbfaf7";
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute("content", colour);
}
