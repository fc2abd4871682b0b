import { encodeEventTopics, type Hex } from "viem";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { codeOf, isUnsure } from "../../examples/marketplace/src/errors.ts";
import { actWithWords, finishPending, reasonOf, type Say } from "../../examples/marketplace/src/escrow.ts";
import { type Keeper, keepWords, wordsOf } from "../../examples/marketplace/src/kept.ts";
import { keyIn, ownKey, parseKey, withKey } from "../../examples/marketplace/src/keys.ts";
import { readTexts, textsIn } from "../../examples/marketplace/src/listingDraft.ts";
import { forgetRated, keepRated, ratedWords } from "../../examples/marketplace/src/rated.ts";
import { sealed, wordsIn } from "../../examples/marketplace/src/sealed.ts";
import { follow, type Progressing } from "../../examples/marketplace/src/stages.ts";
import { en } from "../../examples/marketplace/src/words/en.ts";
import { zh } from "../../examples/marketplace/src/words/zh.ts";
import type { EscrowMilestone, EscrowView } from "../../sdk/src/agreements/index.ts";
import type { Chain } from "../../sdk/src/chain/index.ts";
import { escrowAbi } from "../../sdk/src/generated/index.ts";
import {
  createLocalWallet,
  type ErrorCode,
  newWalletKey,
  SkrumbleError,
  type WalletSigner,
} from "../../sdk/src/index.ts";

/** What the marketplace decides by itself, without a page. */

/** What the client keeps; `lines` is all of it as text. */
function keeper(): Keeper & { lines: Map<string, string> } {
  const all = new Map<string, Uint8Array>();
  const lines = new Map<string, string>();
  return {
    lines,
    kept: {
      get: async (name) => all.get(name),
      async put(name, value) {
        all.set(name, value);
        lines.set(name, new TextDecoder().decode(value));
      },
      async remove(name) {
        all.delete(name);
        lines.delete(name);
      },
    },
  };
}

describe("a saved key", () => {
  const key = `0x${"4f".repeat(32)}`;

  test.each([key, key.toUpperCase(), `\n ${key}\r\n`, key.slice(2)])(
    "is read as it was saved or typed off: %j",
    (text) => {
      expect(parseKey(text)).toBe(key);
    },
  );

  test.each([
    "",
    "0x",
    "hello",
    key.slice(0, -1),
    `${key}0`,
    `0x${"0".repeat(64)}`,
    `0x${"f".repeat(64)}`,
    `${key} ${key}`,
  ])("is refused where it is none, without being quoted: %j", (text) => {
    const error = (() => {
      try {
        return parseKey(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(codeOf(error)).toBe("KEY_INVALID");
    expect(String(error)).toBe("Error: KEY_INVALID");
  });

  test("is this browser's when joining works, and what was here before is here again when it does not", async () => {
    const client = keeper();
    const before = await keyIn(client, true);
    const wrong = withKey(client, parseKey(key), () => Promise.reject(new SkrumbleError("WRONG_SECURITY_CODE")));
    await expect(wrong).rejects.toMatchObject({ code: "WRONG_SECURITY_CODE" });
    expect(await keyIn(client, true)).toBe(before);
    expect(await ownKey(client)).toBeUndefined();
    let joined = "";
    await withKey(client, parseKey(key), async ({ address }) => {
      joined = address;
    });
    expect(joined).toBe(createLocalWallet(parseKey(key)).address);
    expect(await ownKey(client)).toBe(key);
    const { address } = createLocalWallet(before);
    expect(client.lines.get(`marketplace/key ${address.toLowerCase()}`), "it may own something").toBe(before);
  });

  test("does not take the place of another one where there is no room for both, or for the choice", async () => {
    const client = keeper();
    const before = await keyIn(client, true);
    for (const full of [/^marketplace\/key 0x/, /^marketplace\/wallet$/]) {
      const put = (name: string, value: Uint8Array) =>
        full.test(name) ? Promise.reject(new SkrumbleError("STORE_FAILED")) : client.kept.put(name, value);
      const joining = withKey({ kept: { ...client.kept, put } }, parseKey(key), async () => undefined);
      await expect(joining).rejects.toMatchObject({ code: "STORE_FAILED" });
      expect(await keyIn(client, false)).toBe(before);
    }
  });

  test("where none was here before none stays when joining fails", async () => {
    const client = keeper();
    await expect(withKey(client, parseKey(key), () => Promise.reject(new Error("no")))).rejects.toThrow();
    expect(client.lines.size).toBe(0);
  });
});

describe("what is said of something that a wallet signs", () => {
  const wallet = createLocalWallet(newWalletKey());
  const typed = { domain: {}, types: { A: [{ name: "b", type: "bool" }] }, primaryType: "A", message: { b: true } };
  const stagesOf = async (work: (signer: WalletSigner) => Promise<unknown>) => {
    const told: Progressing[] = [];
    await follow(
      async (signs) => void (await work(signs(wallet))),
      (progress) => told.push(progress),
    );
    return told;
  };
  const failing = (code: ErrorCode) => async (signer: WalletSigner) => {
    await signer.signTypedData(typed);
    throw new SkrumbleError(code);
  };
  const [working, sending, idle] = (["working", "sending", "idle"] as const).map((stage) => ({ stage }));

  test("is that it is being sent, from the signature until the chain has it", async () => {
    expect(await stagesOf((signer) => signer.signTypedData(typed))).toEqual([working, sending, idle]);
    expect(await stagesOf(async () => undefined)).toEqual([working, idle]);
  });

  test.each(["CHAIN_STALLED", "CHAIN_UNREACHABLE", "QUORUM_FAILED"] as const)(
    "is that it is in doubt when nobody can say whether it arrived: %s",
    async (code) => {
      expect(await stagesOf(failing(code))).toEqual([working, sending, { stage: "doubt", code }]);
      const unsigned = await stagesOf(() => Promise.reject(new SkrumbleError(code)));
      expect(unsigned, "nothing can arrive that nobody has signed").toEqual([working, { stage: "idle", code }]);
    },
  );

  test("is that it failed when the chain has refused it", async () => {
    expect(await stagesOf(failing("ESCROW_MOVED_ON"))).toEqual([
      ...[working, sending],
      { stage: "idle", code: "ESCROW_MOVED_ON" },
    ]);
  });

  test("is nothing of a signature that could not be kept: nobody gets to see it", async () => {
    const told: Progressing[] = [];
    const full = () => Promise.reject(new SkrumbleError("STORE_FAILED"));
    await follow(
      async (signs) => void (await signs(wallet, full).signTypedData(typed)),
      (progress) => told.push(progress),
    );
    expect(told).toEqual([working, { stage: "idle", code: "STORE_FAILED" }]);
  });
});

test("words that are typed stay until they have arrived, the last ones typed", async () => {
  const client = keeper();
  void keepWords(client, "application 7", "I");
  void keepWords(client, "application 7", "I draw");
  expect(await wordsOf(client, "application 7")).toBe("I draw");
  expect(await wordsOf(client, "application 8")).toBeUndefined();
  await keepWords(client, "application 7", "");
  expect(client.lines.size).toBe(0);
  const full = { kept: { ...client.kept, put: () => Promise.reject(new SkrumbleError("STORE_FAILED")) } };
  await keepWords(full, "application 7", "nothing is thrown");
});

test("the form of a job is read as it was typed, right or wrong; what is damaged is no form", () => {
  const form = new FormData();
  for (const [name, text] of Object.entries({
    title: "A logo",
    requirements: "",
    skills: "SVG, ",
    until: "2026-13-40",
  }))
    form.set(name, text);
  const texts = textsIn(form, [{ key: 4, title: "Sketch", amount: "1,", days: "x" }], "zh-CN");
  expect(texts).toMatchObject({
    title: "A logo",
    deliverables: "",
    language: "zh-CN",
    steps: [{ amount: "1,", days: "x" }],
  });
  expect(readTexts(JSON.stringify(texts))).toEqual({
    ...texts,
    steps: [{ key: 0, title: "Sketch", amount: "1,", days: "x" }],
  });
  const step = texts.steps[0];
  for (const bad of [
    ...[{ steps: [] }, { steps: Array(33).fill(step) }, { steps: [null] }, { steps: [{ ...step, days: 7 }] }],
    ...[{ title: 1 }, { language: 1 }, { requirements: "x".repeat(4001) }],
  ])
    expect(readTexts(JSON.stringify({ ...texts, ...bad })), JSON.stringify(bad).slice(0, 40)).toBeUndefined();
  // Kept before the language was noted.
  expect(readTexts(JSON.stringify({ ...texts, language: undefined }))?.title).toBe(texts.title);
  for (const json of [undefined, "", "{", "null", "7"]) expect(readTexts(json), json).toBeUndefined();
});

test("sealed words are what the hash says, and read without the seal", async () => {
  const { text, hash } = await sealed("Done.\nSee the file.");
  expect(wordsIn(text)).toBe("Done.\nSee the file.");
  const salt = Buffer.from(text.slice(-64), "hex");
  const digest = await crypto.subtle.digest("SHA-256", Buffer.concat([salt, Buffer.from(wordsIn(text))]));
  expect(hash).toBe(`0x${Buffer.from(digest).toString("hex")}`);
  expect((await sealed("Done.")).hash).not.toBe((await sealed("Done.")).hash);
});

describe("handing in", () => {
  const address = `0x${"e5".padStart(40, "0")}` as const;
  const view = (step: bigint, state: EscrowMilestone["state"]): EscrowView => ({
    ...{ address, step, finished: false },
    milestones: [{ state, step, remaining: 5n, due: 1 }],
  });
  const chain = { network: { chainId: 1, contracts: {} } } as Chain;
  const finish = (client: Keeper, escrow: EscrowView, say: Say | undefined, on = chain) =>
    finishPending({ chain: on, client, say }, escrow);
  const handIn = { verb: "submit", index: 0, words: "I have handed it in." } as const;

  /** Two operators know of one thing that was handed in. */
  function chainWith(evidence: Hex): Chain {
    const topics = encodeEventTopics({ abi: escrowAbi, eventName: "MilestoneSubmitted", args: { index: 0n } });
    const answers: Record<string, unknown> = {
      eth_blockNumber: "0x7",
      eth_getBlockByNumber: { number: "0x7", timestamp: "0x1" },
      eth_getLogs: [{ address, topics, data: evidence, blockNumber: "0x6" }],
    };
    const endpoints = () => ["one", "two"].map((operator) => ({ url: operator, operator }));
    const requestAt = async (_: unknown, method: string) => answers[method];
    return { rpc: { endpoints, requestAt } } as unknown as Chain;
  }

  /** Signs, and then the page is closed: nothing is sent. */
  async function closeAfterSigning(
    client: Keeper,
    said: string[],
    words: string = handIn.words,
    verb: "submit" | "reject" = "submit",
    code: ErrorCode = "ABORTED",
  ) {
    const wallet = createLocalWallet(newWalletKey());
    const say = async (text: string) => void said.push(text);
    const acting = actWithWords(
      { chain, client, say },
      view(3n, "funded"),
      { verb, index: 0, words },
      async (kept) => ({
        ...wallet,
        async signTypedData() {
          await kept();
          throw new SkrumbleError(code);
        },
      }),
    );
    await expect(acting).rejects.toMatchObject({ code });
    return say;
  }

  test("is said only when the chain has it, once, also by a page that was opened later", async () => {
    const [client, said]: [ReturnType<typeof keeper>, string[]] = [keeper(), []];
    const say = await closeAfterSigning(client, said);
    expect(said).toEqual([]);
    expect(await finish(client, view(3n, "funded"), say)).toEqual(new Map([[0, "unsure"]]));
    expect(said).toEqual([]);
    const there = view(4n, "submitted");
    await Promise.all([finish(client, there, say), finish(client, there, say)]);
    expect(said.map(wordsIn)).toEqual([handIn.words]);
    expect(await finish(client, there, say)).toEqual(new Map());
    expect(said).toHaveLength(1);
    expect(client.lines.size).toBe(0);
  });

  test("that the other side does not hear of stays to be said", async () => {
    const client = keeper();
    await closeAfterSigning(client, []);
    const there = view(4n, "submitted");
    const mute = () => Promise.reject(new SkrumbleError("STORE_FAILED"));
    await expect(finish(client, there, mute)).rejects.toMatchObject({ code: "STORE_FAILED" });
    const said: string[] = [];
    await finish(client, there, async (text) => void said.push(text));
    expect(said).toHaveLength(1);
  });

  test("is said when the milestone moved on while it was sent: a relay may have been quicker with it", async () => {
    const [client, said]: [ReturnType<typeof keeper>, string[]] = [keeper(), []];
    const say = await closeAfterSigning(client, said, "Done.", "submit", "ESCROW_MOVED_ON");
    await finish(client, view(4n, "submitted"), say);
    expect(said.map(wordsIn)).toEqual(["Done."]);
    await closeAfterSigning(client, said, "Once more.", "submit", "ESCROW_TOO_LATE");
    expect(client.lines.size, "what was refused will not arrive").toBe(0);
  });

  test("stays when it was signed while something earlier was being said", async () => {
    const client = keeper();
    await closeAfterSigning(client, [], "Bluer.", "reject");
    const asked = Promise.withResolvers<void>();
    let end: () => void = () => undefined;
    const slow = () =>
      new Promise<void>((resolve) => {
        end = resolve;
        asked.resolve();
      });
    const saying = finish(client, view(5n, "submitted"), slow);
    await asked.promise;
    await closeAfterSigning(client, []);
    end();
    await saying;
    const said: string[] = [];
    await finish(client, view(4n, "submitted"), async (text) => void said.push(text));
    expect(said.map(wordsIn)).toEqual([handIn.words]);
  });

  test("is kept until there is a conversation to say it in, and until that is done", async () => {
    const client = keeper();
    await closeAfterSigning(client, []);
    const there = view(4n, "submitted");
    await finish(client, there, undefined);
    let fail: (error: Error) => void = () => undefined;
    const asked = Promise.withResolvers<void>();
    const slow = () =>
      new Promise<void>((_, reject) => {
        fail = reject;
        asked.resolve();
      });
    const twice = [finish(client, there, slow), finish(client, there, slow)];
    const settled = Promise.allSettled(twice);
    await asked.promise;
    expect(client.lines.size).toBe(1);
    fail(new SkrumbleError("STORE_FAILED"));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const said: string[] = [];
    await finish(client, there, async (text) => void said.push(text));
    expect(said).toHaveLength(1);
    expect(client.lines.size).toBe(0);
  });

  test("again after a reason that nobody has heard yet: it is said late", async () => {
    const client = keeper();
    await closeAfterSigning(client, [], "Bluer.", "reject");
    const said: string[] = [];
    await finish(client, view(5n, "submitted"), async (text) => void said.push(wordsIn(text)));
    expect(said).toEqual(["Bluer."]);
    expect(client.lines.size).toBe(0);
  });

  test("repeated while in doubt has the same hash; what the wallet refuses leaves nothing", async () => {
    const client = keeper();
    await closeAfterSigning(client, []);
    const [first] = client.lines.values();
    await closeAfterSigning(client, []);
    expect(JSON.parse([...client.lines.values()].join()).said).toEqual(JSON.parse(first as string).said);
    const another = keeper();
    const refusing = { ...createLocalWallet(newWalletKey()), signTypedData: () => Promise.reject(new Error("no")) };
    const refused = actWithWords(
      { chain, client: another, say: undefined },
      view(3n, "funded"),
      handIn,
      async () => refusing,
    );
    await expect(refused).rejects.toThrow();
    expect(another.lines.size).toBe(0);
  });

  test("with other words while in doubt says all of them: the chain has the hash of one", async () => {
    const client = keeper();
    await keepWords(client, reasonOf(address, 0), " Bluer. ");
    for (const words of ["Red.", "Change it.\nBlue.", "Change it.\nBluer.", "Change it.\nBlue.", "x", "y"])
      await closeAfterSigning(client, [], words, "reject");
    const said: string[] = [];
    await finish(client, view(4n, "rejected"), async (text) => void said.push(wordsIn(text)));
    expect(said).toEqual(["Change it.\nBlue.", "Change it.\nBluer.", "x", "y"]);
    expect(client.lines.size, "the words that were typed have arrived, too").toBe(0);
  });

  test("is said late where the chain had it before the milestone moved on, and only then", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const client = keeper();
    for (const words of ["One.", "Two.", "Three."]) await closeAfterSigning(client, [], words);
    const [json = ""] = client.lines.values();
    const evidence = JSON.parse(json).said[1].hash;
    const gone = view(6n, "funded");
    const said: string[] = [];
    const say = async (text: string) => void said.push(wordsIn(text));
    const mute = {
      rpc: { endpoints: () => [], request: () => Promise.reject(new SkrumbleError("CHAIN_UNREACHABLE")) },
    };
    expect(await finish(client, gone, say, mute as unknown as Chain), "the others do not wait for it").toEqual(
      new Map(),
    );
    expect(await finish(client, gone, say, chainWith(evidence)), "not asked again at once").toEqual(new Map());
    expect([said, [...client.lines.values()]]).toEqual([[], [json]]);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    // Without a conversation the chain need not be asked.
    expect(await finish(client, gone, undefined)).toEqual(new Map());
    expect([...client.lines.values()]).toEqual([json]);
    expect(await finish(client, gone, say, chainWith(evidence))).toEqual(new Map());
    expect(said).toEqual(["Two."]);
    expect(client.lines.size).toBe(0);
    await closeAfterSigning(client, [], "Four.");
    expect(await finish(client, gone, say, chainWith(evidence))).toEqual(new Map());
    expect(client.lines.size, "whoever told of events may be behind").toBe(1);
    vi.setSystemTime(Date.now() + 2 * 3_600_000);
    expect(await finish(client, gone, say, chainWith(evidence))).toEqual(new Map());
    expect(said).toEqual(["Two."]);
    expect(client.lines.size, "it never arrived").toBe(0);
  });

  test("that can arrive no more is forgotten, or said to be lost; what is no record is nothing", async () => {
    const client = keeper();
    await closeAfterSigning(client, []);
    const [name = "", json = ""] = [...client.lines][0] ?? [];
    await client.kept.put(name, new TextEncoder().encode(JSON.stringify({ ...JSON.parse(json), until: 1 })));
    expect(await finish(client, view(3n, "funded"), undefined)).toEqual(new Map([[0, "lost"]]));
    expect(await finish(client, view(4n, "disputed"), undefined)).toEqual(new Map());
    expect(client.lines.size).toBe(0);
    for (const bad of ["{", "null", '{"verb":"accept"}', JSON.stringify({ ...JSON.parse(json), said: [] })]) {
      await client.kept.put(name, new TextEncoder().encode(bad));
      expect(await finish(client, view(3n, "funded"), undefined), bad).toEqual(new Map());
    }
  });
});

test("words of a rating stay as they were signed until relays have them, the last four; damaged they are none", async () => {
  const client = keeper();
  const agreement = `0x${"a9".repeat(32)}` as const;
  await keepRated(client, agreement, "  ");
  expect(client.lines.size).toBe(0);
  for (const words of ["a", "b ", "c", "b", "d", "e"]) await keepRated(client, agreement, words);
  expect(await ratedWords(client, agreement)).toEqual(["c", "b", "d", "e"]);
  const [name = ""] = client.lines.keys();
  for (const bad of ["{", "{}", "[1]", JSON.stringify(["x".repeat(1001)]), JSON.stringify(Array(5).fill("x"))]) {
    await client.kept.put(name, new TextEncoder().encode(bad));
    expect(await ratedWords(client, agreement), bad.slice(0, 20)).toEqual([]);
  }
  await forgetRated(client, agreement);
  expect(client.lines.size).toBe(0);
});

test("both languages have a sentence for the same errors", () => {
  expect(Object.keys(zh.errors).sort()).toEqual(Object.keys(en.errors).sort());
  const proofs = ["CHAIN_MAY_BE_OLD", "CHAIN_TOO_FEW_VALIDATORS", "CHAIN_UNPROVEN"];
  for (const code of ["KEY_INVALID", "KEY_WITHOUT_NAME", ...proofs]) expect(en.errors).toHaveProperty(code);
  // Whoever is in doubt is told neither that it failed nor that it will go out.
  expect(Object.keys(zh.doubts).sort()).toEqual(Object.keys(en.doubts).sort());
  for (const code of Object.keys(en.doubts)) expect(isUnsure(code), code).toBe(true);
});
