import { expect, test } from "vitest";
import { maxIntents, type NewIntent, openIntents } from "../../src/conversation/commit/intents.ts";
import { createMemoryStore, openVault } from "../../src/store/index.ts";

const named = (name: string): NewIntent => ({ kind: "settings", patch: { name } });

test("a wish for which there is no room is refused, and what belongs to it is not written", async () => {
  const vault = await openVault(createMemoryStore());
  const intents = await openIntents(vault);
  const many = Array.from({ length: maxIntents - 1 }, (_, i) => named(`${i}`));
  await intents.add("c", many);
  const also = [{ collection: "with it", key: 1, value: true }];
  await expect(intents.add("c", [named("one"), named("two")], also)).rejects.toMatchObject({ code: "GROUP_BUSY" });
  expect(await vault.range("with it")).toEqual([]);
  expect(intents.of("c").length).toBe(maxIntents - 1);
  await intents.add("c", [named("last")], also);
  await expect(intents.add("c", [named("more")])).rejects.toMatchObject({ code: "GROUP_BUSY" });
  await intents.add("another", [named("there")]);
  expect((await openIntents(vault)).of("c").at(-1)).toMatchObject(named("last"));
  expect(await vault.range("with it")).toHaveLength(1);
});

test("what was wanted before has room, and is there once it is written", async () => {
  const vault = await openVault(createMemoryStore());
  const intents = await openIntents(vault);
  await intents.add(
    "c",
    Array.from({ length: maxIntents }, (_, i) => named(`${i}`)),
  );
  const { ops, written } = intents.prepareAdd("c", [named("again")]);
  expect(intents.of("c").length).toBe(maxIntents);
  await vault.write(ops);
  written();
  expect(intents.of("c").at(-1)).toMatchObject(named("again"));
  expect((await openIntents(vault)).of("c").length).toBe(maxIntents + 1);
});
