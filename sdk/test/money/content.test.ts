import { describe, expect, test } from "vitest";
import { paymentContent, storedPayment, storedRequest } from "../../src/conversation/content/money.ts";
import { type Content, contentSchema } from "../../src/conversation/content/schema.ts";
import { quoteOf, wordsOf } from "../../src/conversation/content/show.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { eventOf, toldOf } from "../../src/conversation/send/wire.ts";
import { saidOf } from "../../src/conversation/sharing/said.ts";
import { ann, createHistory, event, id, lin, wei } from "../conversation/content/support.ts";

const asset = { chainId: 1, token: `0x${"5".repeat(40)}` } as const;
const hash = `0x${"7".repeat(64)}` as const;
const payment = (change: object = {}): Content => ({
  ...{ kind: "payment", asset, amount: "100", to: wei, wallet: `0x${"a".repeat(40)}`, nonce: hash },
  ...{ block: 5, until: 1_800_000_000, note: "lunch" },
  ...change,
});
const request: Content = { kind: "request", asset, amount: "100", from: [lin, ann], note: "lunch" };
const withdraw = (target: number): Content => ({ kind: "withdraw", target: id(target) });
const bodyOf = (message: HistoryMessage) => message.body;

describe("a payment", () => {
  test("comes in as sent, whatever else is claimed, and stays as it is", () => {
    const history = createHistory({ isAdmin: () => true });
    history.take(event(1, wei, payment({ to: lin })));
    expect(bodyOf(history.message(id(1)))).toMatchObject({ type: "payment", amount: "100", state: "sent" });
    history.take(event(2, wei, { kind: "edit", target: id(1), text: "more" }));
    history.take(event(3, wei, { kind: "delete", target: id(1) }));
    history.take(event(4, ann, { kind: "delete", target: id(1) }));
    history.take(event(5, wei, withdraw(1)));
    expect(bodyOf(history.message(id(1)))).toMatchObject({ type: "payment", amount: "100", state: "sent" });
    history.take(event(6, lin, { kind: "reaction", target: id(1), emoji: "🎉" }));
    expect(history.message(id(1)).reactions).toHaveLength(1);
  });

  test("is said again as it was, without what this device has found out, and is not shared", async () => {
    const history = createHistory();
    history.take(event(1, wei, payment({ to: lin })));
    const stored = history.message(id(1));
    if (stored.body.type !== "payment") throw new Error("a payment expected");
    const final = { ...stored, body: { ...stored.body, state: "final", transaction: hash, place: "1 x 1" } } as const;
    const vault = { get: async () => undefined };
    expect((await eventOf(vault, "", final))?.content).toEqual(contentSchema.parse(payment({ to: lin })));
    expect(toldOf(final)).toBeUndefined();
    expect(saidOf(final, ann)).toBeUndefined();
    expect(wordsOf(final)).toBe("lunch");
    expect(quoteOf({ id: id(1), from: wei, preview: "lie" }, final)).toMatchObject({
      preview: "lunch",
      type: "payment",
      asset: stored.body.asset,
    });
    expect(storedPayment.parse(JSON.parse(JSON.stringify(final.body)))).toEqual(final.body);
  });

  test.each<[string, object]>([
    ["no amount", { amount: "0" }],
    ["an amount that is no whole number", { amount: "1.5" }],
    ["an amount with a sign", { amount: "-1" }],
    ["more than a token can hold", { amount: String(2n ** 256n) }],
    ["both proofs", { transaction: hash }],
    ["no proof", { nonce: undefined }],
    ["an address in capitals", { wallet: `0x${"A".repeat(40)}` }],
    ["a recipient that is nobody", { to: "bob" }],
    ["a time that is none", { until: -1 }],
    ["a note without end", { note: "x".repeat(1000) }],
  ])("with %s is refused", (_, change) => {
    expect(paymentContent.safeParse(payment(change)).success).toBe(false);
  });

  test("has a note on one line, or none", () => {
    const noteOf = (note: string) => {
      const parsed = contentSchema.parse(payment({ note }));
      return parsed.kind === "payment" ? parsed.note : "";
    };
    expect(noteOf("a\n\u202eb")).toBe("a b");
    expect(noteOf(" \u200b")).toBeUndefined();
    expect(noteOf("y".repeat(200))).toHaveLength(140);
  });
});

describe("a request", () => {
  test("is taken back by whoever made it, also before it comes", () => {
    const history = createHistory({ isAdmin: () => true });
    history.take(event(1, wei, request));
    history.take(event(2, ann, withdraw(1)));
    expect(bodyOf(history.message(id(1)))).toEqual({
      ...storedRequest.parse(bodyOf(history.message(id(1)))),
      paid: [],
    });
    expect(bodyOf(history.message(id(1)))).not.toHaveProperty("withdrawn");
    history.take(event(3, wei, withdraw(1)));
    expect(bodyOf(history.message(id(1)))).toMatchObject({ withdrawn: true });
    const early = createHistory();
    early.take(event(3, wei, withdraw(1)));
    early.take(event(2, ann, withdraw(1)));
    early.take(event(1, wei, request));
    expect(bodyOf(early.message(id(1)))).toMatchObject({ withdrawn: true });
  });

  test("asks 1 to 64 people, each once", () => {
    const of = (from: readonly string[]) => contentSchema.safeParse({ ...request, from });
    expect(of([]).success).toBe(false);
    expect(of([lin, lin]).data).toMatchObject({ from: [lin] });
    expect(of(Array.from({ length: 65 }, (_, i) => `0x${String(i).padStart(64, "0")}`)).success).toBe(false);
  });
});
