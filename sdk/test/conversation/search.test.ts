import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { forgetOps } from "../../src/conversation/content/expire.ts";
import { historyOps } from "../../src/conversation/content/record.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { fold, rangesIn, termsOf } from "../../src/conversation/search/fold.ts";
import { openSearch, type Search } from "../../src/conversation/search/index.ts";
import { createMemoryStore, openVault, type Store, type Vault } from "../../src/store/index.ts";
import { id, lin, wei } from "./content/support.ts";

const message = (number: number, text: string, more: Partial<HistoryMessage> = {}): HistoryMessage => ({
  id: id(number),
  number,
  from: lin,
  outgoing: true,
  at: 1000 + number,
  body: { type: "text", text },
  delivery: "sent",
  ...more,
});

let store: Store;
let vault: Vault;
let search: Search;
beforeEach(async () => {
  store = createMemoryStore();
  vault = await openVault(store);
  await vault.write(["a", "b"].map((name) => ({ collection: "thread", key: name, value: { id: name } })));
  search = await openSearch(vault);
});

const write = (conversation: string, ...messages: HistoryMessage[]) =>
  vault.write(messages.flatMap((one) => historyOps(conversation, one)));
const found = async (text: string, options?: Parameters<Search["query"]>[1]) =>
  (await search.query(text, options)).map((hit) => `${hit.conversationId}${hit.number}`);
/** Closes everything and opens it from what is on the disk. */
const restart = async () => {
  await vault.close();
  vault = await openVault(store);
  search = await openSearch(vault);
};

describe("a query", () => {
  test("finds words anywhere, newest first, in one conversation or in all, up to a limit", async () => {
    await write("a", message(0, "The bookshop opens at nine"), message(2, "which bookshop?"));
    await write("b", message(1, "Another BOOKSHOP"));
    expect(await found("bookshop")).toEqual(["a2", "b1", "a0"]);
    expect(await found("bookshop", { conversationId: "a" })).toEqual(["a2", "a0"]);
    expect(await found("bookshop", { limit: 2 })).toEqual(["a2", "b1"]);
    expect(await found("nine book")).toEqual(["a0"]);
    expect(await found("nine ten")).toEqual([]);
    expect(await found("  \u200b ")).toEqual([]);
  });

  test("finds Chinese as it stands, and through case, width, accents and hidden characters", async () => {
    await write("a", message(0, "我们明天在书店见面吧"), message(1, "Ｃａｆé Straße, see\u00adming ΟΔΥΣΣΕΥΣ"));
    expect(await found("书店")).toEqual(["a0"]);
    expect(await found("店书")).toEqual([]);
    for (const query of ["cafe", "CAFÉ", "strasse", "seeming", "οδυσσευς"]) expect(await found(query)).toEqual(["a1"]);
  });

  test("says where", async () => {
    await write("a", message(0, "Ｃａｆé? 书店 cafe!", { link: { url: "https://a.com/", title: "Opening hours" } }));
    const [hit] = await search.query("cafe 店");
    expect(hit?.ranges.map(([from, to]) => (hit.message.body as { text: string }).text.slice(from, to))).toEqual([
      "Ｃａｆé",
      "店",
      "cafe",
    ]);
    expect((await search.query("opening"))[0]?.ranges).toEqual([]);
  });

  test("is refused when it is too long or asks for too much, and can be given up", async () => {
    await expect(search.query("x".repeat(257))).rejects.toMatchObject({ code: "INPUT_INVALID" });
    for (const limit of [0, -1, 1.5, 201, Number.NaN])
      await expect(search.query("x", { limit })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(search.query("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("the index", () => {
  test("follows edits, deletions and removals", async () => {
    await write("a", message(0, "first words"), message(1, "other words"), message(2, "last words"));
    expect(await found("words")).toEqual(["a2", "a1", "a0"]);
    await write("a", message(0, "first sentence"), message(1, "", { body: { type: "deleted", by: wei } }));
    await vault.write(forgetOps("a", message(2, "last words")));
    expect(await found("words")).toEqual([]);
    expect(await found("sentence")).toEqual(["a0"]);
  });

  test("a deleted message leaves the disk, not only the results", async () => {
    await write("a", message(0, "secret"), message(1, "open"));
    await search.update();
    const blocks = async () => JSON.stringify(await vault.range("search blocks a"));
    expect(await blocks()).toContain("secret");
    await write("a", message(0, "", { body: { type: "deleted", by: lin } }));
    await search.update();
    expect(await blocks()).not.toContain("secret");
    expect(await vault.range("search marks")).toEqual([]);
  });

  test("holds nothing readable", async () => {
    await write("a", message(0, "secret words"));
    await search.update();
    for (const { key, value } of await store.range({ prefix: "" }))
      expect(key + Buffer.from(value).toString("latin1")).not.toMatch(/secret|words/);
  });

  test("survives a restart, also one between the message and its place in the index", async () => {
    await write("a", message(0, "first words"));
    await search.update();
    await write("a", message(1, "second words"));
    await restart();
    expect(await found("words")).toEqual(["a1", "a0"]);
  });

  test("is built from a history that was there before it, in pages", async () => {
    const plain = Array.from({ length: 2500 }, (_, number) => ({
      collection: "messages b",
      key: number * 3,
      value: message(number * 3, `word${number}`),
    }));
    await vault.write([...plain, { collection: "search state", key: "version", value: 0 }]);
    await restart();
    expect(await found("word2499")).toEqual(["b7497"]);
    expect(await found("word1", { limit: 200 })).toHaveLength(200);
    expect(await vault.range("search blocks b")).toHaveLength(3);
  });

  test("goes on building where it was interrupted", async () => {
    await vault.write([
      ...Array.from({ length: 2500 }, (_, n) => ({ collection: "messages b", key: n, value: message(n, `word${n}`) })),
      { collection: "search state", key: "version", value: 0 },
    ]);
    await restart();
    const stop = new AbortController();
    const { write: original } = vault;
    let writes = 0;
    vault.write = async (ops) => {
      await original(ops);
      if (++writes === 2) stop.abort();
    };
    await expect(search.update(stop.signal)).rejects.toMatchObject({ code: "ABORTED" });
    expect(await vault.range("search blocks b")).not.toHaveLength(0);
    await restart();
    expect(await found("word2499")).toEqual(["b2499"]);
    expect(await found("word0")).toEqual(["b0"]);
  });

  test.each(["search blocks a", "search maps", "search state", "search marks"])(
    "builds itself anew when %s are damaged",
    async (collection) => {
      await write("a", message(0, "first words"), message(1, "second words"));
      if (collection !== "search marks") await search.update();
      const before = (await store.range({ prefix: "" })).map(({ key }) => key);
      const values = await vault.range(collection);
      expect(values.length).toBeGreaterThan(0);
      await vault.write([{ collection, drop: true }]);
      const after = new Set((await store.range({ prefix: "" })).map(({ key }) => key));
      const damage = before.filter((key) => !after.has(key)).map((put) => ({ put, value: new Uint8Array(60).fill(1) }));
      await store.write(damage);
      await restart();
      expect(await found("words")).toEqual(["a1", "a0"]);
      await write("a", message(2, "third words"));
      expect(await found("words")).toEqual(["a2", "a1", "a0"]);
    },
  );

  test("keeps blocks small also when many long messages come at once", async () => {
    await write("a", message(0, "short"));
    await search.update();
    await write("a", ...Array.from({ length: 40 }, (_, n) => message(n + 1, "long ".repeat(6000))));
    await search.update();
    for (const { value } of await vault.range<{ text: string }>("search blocks a"))
      expect(value.text.length).toBeLessThan(100_000);
    expect(await found("long", { limit: 200 })).toHaveLength(40);
  });

  test("forgets a conversation", async () => {
    await write("a", message(0, "words"));
    await search.update();
    await search.forget("a");
    expect(await found("words")).toEqual([]);
    expect(await vault.range("search blocks a")).toEqual([]);
  });

  test("agrees with a plain scan of the history whatever happens to it", async () => {
    const texts = fc.constantFrom("red", "green", "red green", "blue 红", undefined);
    const change = fc.record({ conversation: fc.constantFrom("a", "b"), number: fc.nat(3000), text: texts });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (changes, every) => {
          const fresh = await openVault(createMemoryStore());
          const index = await openSearch(fresh);
          const truth = new Map<string, string>();
          for (const [i, { conversation, number, text }] of changes.entries()) {
            const key = `${conversation}${number}`;
            if (text === undefined) truth.delete(key);
            else truth.set(key, text);
            const one = message(number, text ?? "");
            await fresh.write(text === undefined ? forgetOps(conversation, one) : historyOps(conversation, one));
            if (i % every === 0) await index.update();
          }
          for (const word of ["red", "红"]) {
            const hits = (await index.query(word, { limit: 200 })).map((hit) => `${hit.conversationId}${hit.number}`);
            const expected = [...truth].filter(([, text]) => text.includes(word)).map(([key]) => key);
            expect(hits.toSorted()).toEqual(expected.toSorted());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a block that is full is followed by another, and words in the middle change in place", async () => {
    const all = Array.from({ length: 3000 }, (_, n) => message(n, `word${n} ${"x".repeat(60)}`));
    await write("a", ...all);
    await search.update();
    const blocks = await vault.range("search blocks a");
    expect(blocks.length).toBeGreaterThan(2);
    await write("a", message(1500, "changed"));
    await search.update();
    expect(await vault.range("search blocks a")).toHaveLength(blocks.length);
    expect(await found("changed")).toEqual(["a1500"]);
    expect(await found("word1500")).toEqual([]);
  });
});

test("ranges lie within the text and show what was folded to the term", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(40), fc.nat(5), (text, at, length) => {
      const folded = fold(text);
      const terms = termsOf(folded.slice(at, at + length));
      for (const [start, end] of rangesIn(text, terms)) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      for (const term of terms) if (folded.includes(term)) expect(rangesIn(text, [term])).not.toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
