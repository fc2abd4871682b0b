import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editWindow } from "../../../src/conversation/content/affect.ts";
import { aliasOf } from "../../../src/conversation/content/alias.ts";
import type { Content } from "../../../src/conversation/content/schema.ts";
import { quoteOf, reactionsOf, replyFor } from "../../../src/conversation/content/show.ts";
import { timeAfter } from "../../../src/conversation/content/stamp.ts";
import type { ContentEvent } from "../../../src/conversation/content/types.ts";
import { maxWaiting, maxWaitingAge } from "../../../src/conversation/content/waiting.ts";
import { ann, createHistory, day, event, id, lin, person, text, wei } from "./support.ts";

const react = (target: number, emoji: string | null): Content => ({ kind: "reaction", target: id(target), emoji });
const edit = (target: number, words: string): Content => ({ kind: "edit", target: id(target), text: words });
const remove = (target: number): Content => ({ kind: "delete", target: id(target) });

describe("reactions", () => {
  test("are one per person, are replaced and taken back", () => {
    const history = createHistory();
    history.take(event(1, lin, text("hello")));
    history.take(event(2, wei, react(1, "👍")));
    history.take(event(3, ann, react(1, "👍")));
    history.take(event(4, wei, react(1, "🎉")));
    expect(reactionsOf(history.message(id(1)))).toEqual([
      { emoji: "👍", people: [ann] },
      { emoji: "🎉", people: [wei] },
    ]);
    history.take(event(5, wei, react(1, null)));
    expect(reactionsOf(history.message(id(1)))).toEqual([{ emoji: "👍", people: [ann] }]);
    expect(history.take(event(2, wei, react(1, "👍"))).messages).toEqual([]);
  });

  test("get a time after everything one has said before, so that a clock set back does not lose", () => {
    const history = createHistory();
    history.take(event(1, lin, text("hello")));
    history.take(event(2, lin, react(1, "👍"), { at: 9_000_000 }));
    history.take(event(3, lin, react(1, "🎉"), { at: timeAfter(history.message(id(1)), lin, 5) }));
    expect(reactionsOf(history.message(id(1)))).toEqual([{ emoji: "🎉", people: [lin] }]);
  });
});

describe("edits", () => {
  test("are the author's alone", () => {
    const history = createHistory({ isAdmin: () => true });
    history.take(event(1, wei, text("mine")));
    expect(history.take(event(2, lin, edit(1, "yours"))).refused).toBe("MESSAGE_NOT_YOURS");
    history.take(event(3, ann, edit(1, "ours")));
    expect(history.message(id(1)).body).toEqual({ type: "text", text: "mine" });
    history.take(event(4, wei, edit(1, "still mine")));
    expect(history.message(id(1))).toMatchObject({ body: { text: "still mine" }, edited: 1_000_004 });
  });

  test("come within 24 hours of the message by the author's clock, and an older one never wins", () => {
    const history = createHistory();
    history.take(event(1, wei, text("one"), { at: 0 }));
    history.take(event(2, wei, edit(1, "three"), { at: editWindow }));
    history.take(event(3, wei, edit(1, "two"), { at: 5 }));
    expect(history.message(id(1)).body).toEqual({ type: "text", text: "three" });
    expect(history.take(event(4, wei, edit(1, "late"), { at: editWindow + 3_600_000 })).refused).toBe("EDIT_TOO_LATE");
    expect(history.take(event(5, wei, edit(1, "early"), { at: -3_600_000 })).refused).toBe("EDIT_TOO_LATE");
  });

  test("are measured from what the sender's clock said, even if it is far ahead", () => {
    const history = createHistory({ now: 1000 });
    history.take(event(1, wei, text("one"), { at: 90 * day }));
    expect(history.message(id(1))).toMatchObject({ at: 61_000, claimedAt: 90 * day });
    history.take(event(2, wei, edit(1, "two"), { at: 90 * day + 1 }));
    expect(history.message(id(1)).body).toEqual({ type: "text", text: "two" });
  });

  test("replace mentions and link, and are not for voice messages", () => {
    const history = createHistory();
    history.take(
      event(1, wei, { kind: "text", text: "a", mentions: [ann], link: { url: "https://a.com/", title: "A" } }),
    );
    history.take(event(2, wei, { kind: "edit", target: id(1), text: "b", mentions: [lin] }));
    expect(history.message(id(1)).mentions).toEqual([lin]);
    expect(history.message(id(1)).link).toBeUndefined();
    const voice: Content = { kind: "voice", seconds: 2, waveform: [1], mime: "audio/webm", audio: "AAAA" };
    expect(history.take(event(3, lin, voice)).audio).toBe("AAAA");
    expect(JSON.stringify(history.message(id(3)))).not.toContain("AAAA");
    expect(history.take(event(4, lin, edit(3, "words"))).refused).toBe("MESSAGE_UNKNOWN");
  });
});

describe("deletions", () => {
  const said = {
    kind: "text",
    text: "secret",
    replyTo: { id: id(9), from: ann, preview: "p" },
    mentions: [ann],
  } as const;

  test("leave nothing of what was said, and are final", () => {
    const history = createHistory();
    history.take(event(1, wei, { ...said, mentions: [ann] }));
    history.take(event(2, ann, react(1, "👍")));
    history.take(event(3, wei, remove(1)));
    const left = history.message(id(1));
    expect(left).toMatchObject({ body: { type: "deleted", by: wei }, deletedBy: wei, number: 0, from: wei });
    for (const word of ["secret", "👍", "preview", "mentions"]) expect(JSON.stringify(left)).not.toContain(word);
    history.take(event(4, wei, edit(1, "back"), { at: 1_000_002 }));
    history.take(event(5, ann, react(1, "🎉")));
    history.take(event(1, wei, text("secret")));
    expect(history.message(id(1))).toEqual(left);
  });

  test("are for the author, and in groups for admins", () => {
    const group = createHistory({ isAdmin: (who) => who === ann });
    group.take(event(1, wei, text("one")));
    expect(group.take(event(2, lin, remove(1))).refused).toBe("MESSAGE_NOT_YOURS");
    group.take(event(3, ann, remove(1)));
    expect(group.message(id(1)).deletedBy).toBe(ann);
    group.take(event(4, wei, remove(1)));
    expect(group.message(id(1)).deletedBy).toBe(wei);
    const pair = createHistory({ group: false, isAdmin: () => true });
    pair.take(event(1, lin, text("one")));
    pair.take(event(2, wei, remove(1)));
    expect(pair.message(id(1)).body.type).toBe("text");
  });

  test("reach quotes of the message, which cannot put words into a mouth either", () => {
    const history = createHistory();
    history.take(event(1, wei, text("what I said")));
    const reply = { id: id(1), from: ann, preview: "what I never said" };
    expect(quoteOf(reply, history.message(id(1)))).toEqual({
      id: id(1),
      from: wei,
      preview: "what I said",
      state: "known",
      type: "text",
    });
    expect(quoteOf(reply, undefined).state).toBe("claimed");
    expect(replyFor(history.message(id(1)))).toEqual({ id: id(1), from: wei, preview: "what I said" });
    history.take(event(2, wei, remove(1)));
    expect(quoteOf(reply, history.message(id(1)))).toEqual({
      id: id(1),
      from: wei,
      preview: "",
      state: "deleted",
      type: "deleted",
    });
  });
});

describe("what comes too early, twice or never", () => {
  test("waits for its target", () => {
    const history = createHistory();
    history.take(event(2, wei, edit(1, "two")));
    history.take(event(3, ann, react(1, "👍")));
    history.take(event(3, ann, react(1, "👍")));
    expect(history.waiting()).toHaveLength(2);
    history.take(event(1, wei, text("one")));
    expect(history.message(id(1))).toMatchObject({ body: { text: "two" }, reactions: [{ emoji: "👍" }] });
    expect(history.waiting()).toEqual([]);
  });

  test("a deleted message is deleted the moment it comes", () => {
    const history = createHistory();
    history.take(event(2, wei, remove(1)));
    expect(history.take(event(1, wei, text("secret"))).added?.body).toEqual({ type: "deleted", by: wei });
  });

  test("10,000 events for unknown targets stay bounded, and one person's do not push out another's", () => {
    const history = createHistory();
    history.take(event(1, wei, react(500_000, "👍")));
    for (let n = 2; n < 10_002; n++)
      history.take(event(n, ann, n % 2 ? edit(n + 1_000_000, "x".repeat(3000)) : remove(n)));
    expect(history.waiting().length).toBeLessThanOrEqual(maxWaiting);
    expect(JSON.stringify(history.waiting()).length).toBeLessThan(1024 * 1024);
    history.take(event(500_000, lin, text("here")));
    expect(reactionsOf(history.message(id(500_000)))).toEqual([{ emoji: "👍", people: [wei] }]);
  });

  test("is forgotten after as long as relays keep messages", () => {
    const history = createHistory();
    history.take(event(1, wei, react(90, "👍")), 5);
    history.take(event(2, ann, react(91, "👍")), 5 + maxWaitingAge);
    expect(history.waiting()).toHaveLength(2);
    history.take(event(3, ann, react(92, "👍")), 6 + maxWaitingAge);
    expect(history.waiting().map((one) => one.event.id)).toEqual([id(2), id(3)]);
  });

  test("what was deleted on this device does not come back, and nothing waits for it", () => {
    const history = createHistory();
    history.take(event(1, wei, text("one")));
    history.forget(id(1));
    for (const one of [text("one"), react(1, "👍"), edit(1, "two"), remove(1)])
      expect(history.take(event(one.kind === "text" ? 1 : 2, wei, one))).toEqual({ messages: [] });
  });

  test("nobody keeps another's message away by sending something under its id", () => {
    const history = createHistory();
    history.take(event(1, ann, text("squatted")));
    history.take(event(1, wei, text("true"), { at: 1_000_500 }));
    history.take(event(1, wei, text("true"), { at: 1_000_500 }));
    expect(history.messages()).toHaveLength(2);
    const own = aliasOf(id(1), wei);
    expect(history.message(own).body).toEqual({ type: "text", text: "true" });
    history.take(event(2, wei, edit(1, "truer"), { at: 1_000_600 }));
    expect(history.message(own).body).toEqual({ type: "text", text: "truer" });
    history.take(event(3, wei, remove(1), { at: 1_000_700 }));
    expect(history.message(own).body.type).toBe("deleted");
    expect(history.message(id(1)).body).toEqual({ type: "text", text: "squatted" });
  });
});

/** Everything a person sees; local numbers are order of arrival and may differ. */
const visible = (history: ReturnType<typeof createHistory>) =>
  history
    .messages()
    .map((message) => {
      const { number: _, reactions: __, ...seen } = message;
      return { ...seen, reactions: message.body.type === "deleted" ? [] : reactionsOf(message) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const contents = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), text: fc.constantFrom("a", "b") }),
  fc.record({
    kind: fc.constant("reaction" as const),
    target: fc.integer({ min: 0, max: 5 }).map(id),
    emoji: fc.constantFrom("👍", "🎉", null),
  }),
  fc.record({
    kind: fc.constant("edit" as const),
    target: fc.integer({ min: 0, max: 5 }).map(id),
    text: fc.constantFrom("x", "y", "z"),
  }),
  fc.record({ kind: fc.constant("delete" as const), target: fc.integer({ min: 0, max: 5 }).map(id) }),
);
const people = [lin, wei, ann, person(4)];
const events: fc.Arbitrary<ContentEvent[]> = fc
  .array(
    fc.record({
      from: fc.constantFrom(...people),
      content: contents,
      // Some within the edit window, some not, some equal.
      at: fc.oneof(
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }).map((days) => days * day),
      ),
    }),
    { maxLength: 14 },
  )
  .map((list) => list.map((one, n) => ({ id: id(n), ...one })));

// Nobody here is `self`: what one sends oneself cannot be about a message one does not have.
const observer = (group: boolean) => ({
  self: person(99),
  group,
  isAdmin: (who: string) => who === wei,
  now: 100 * day,
});

test("every order of the same events, some of them twice, leads to the same visible history", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      events.chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2, maxLength: list.length * 2 }),
        ),
      ),
      (group, [list, shuffled]) => {
        const [a, b] = [createHistory(observer(group)), createHistory(observer(group))];
        for (const one of list) a.take(one);
        for (const one of shuffled) b.take(one);
        expect(visible(b)).toEqual(visible(a));
      },
    ),
    { numRuns: 3000 },
  );
});

test("all 720 orders of a message, its edits, reactions and deletions agree", () => {
  const list = [
    event(1, wei, text("one")),
    event(2, wei, edit(1, "two")),
    event(3, wei, edit(1, "three")),
    event(4, ann, react(1, "👍")),
    event(5, ann, react(1, null)),
    event(6, lin, edit(1, "forged")),
  ];
  const results = new Set(
    permutations(list).map((order) => {
      const history = createHistory(observer(true));
      for (const one of order) history.take(one);
      return JSON.stringify(visible(history));
    }),
  );
  expect(results.size).toBe(1);
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, i) => permutations(list.toSpliced(i, 1)).map((rest) => [one, ...rest]));
}
