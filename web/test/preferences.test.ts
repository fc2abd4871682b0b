// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { startPreferences, usePreferences } from "../lib/preferences.ts";

const name = "skrumble.preferences";
const kept = () => JSON.parse(localStorage.getItem(name) ?? "{}");
/** What another tab chooses: on the disk at once, told a moment later. */
function chooseElsewhere(change: object): () => void {
  localStorage.setItem(name, JSON.stringify({ ...kept(), ...change }));
  return () => dispatchEvent(new StorageEvent("storage", { key: name }));
}

startPreferences();
beforeEach(() => {
  localStorage.clear();
  usePreferences.getState().set({ relayedOnly: false, lockMinutes: 15, noticeContent: "name" });
});

describe("preferences of several tabs", () => {
  test("what one chooses counts in all of them at once", () => {
    chooseElsewhere({ relayedOnly: true, lockMinutes: 1, noticeContent: "nothing" })();
    expect(usePreferences.getState()).toMatchObject({ relayedOnly: true, lockMinutes: 1, noticeContent: "nothing" });
  });

  test("a choice takes back none that another tab made", () => {
    chooseElsewhere({ relayedOnly: true });
    usePreferences.getState().set({ lockMinutes: 5 });
    expect(kept()).toMatchObject({ relayedOnly: true, lockMinutes: 5 });
    expect(usePreferences.getState()).toMatchObject({ relayedOnly: true, lockMinutes: 5 });
  });

  test("other things that are kept, and words nobody knows, change nothing for the worse", () => {
    usePreferences.getState().set({ relayedOnly: true });
    dispatchEvent(new StorageEvent("storage", { key: "skrumble.theme" }));
    chooseElsewhere({ relayedOnly: "no", noticeContent: "everything" })();
    expect(usePreferences.getState()).toMatchObject({ relayedOnly: true, noticeContent: "nothing" });
  });
});
