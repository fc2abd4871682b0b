import { expect, test } from "vitest";
import { planCommit } from "../../../src/conversation/commit/plan.ts";
import { type CommitSummary, type GroupDevice, refusalOf } from "../../../src/conversation/group/authorise.ts";
import { wentAfter } from "../../../src/conversation/group/leave.ts";
import type { GroupState } from "../../../src/conversation/group/state.ts";
import type { Role } from "../../../src/types/group.ts";
import type { Hex, PublicId } from "../../../src/types/primitives.ts";

/** Which commits count: worked out alike by every member. */

const person = (digit: string): PublicId => `0x${digit.repeat(64)}`;
const [ann, bob, cid, dan] = ["a", "b", "c", "d"].map(person) as [PublicId, PublicId, PublicId, PublicId];
const device = (publicId: PublicId, n: number): GroupDevice => ({ publicId, device: `${publicId}0${n}` as Hex });
const people: Record<PublicId, Role> = { [ann]: "owner", [bob]: "admin", [cid]: "member", [dan]: "member" };
const group: GroupState = { v: 1, kind: "group", order: [1, 2, 3], name: "Fair", people };
const pair: GroupState = { v: 1, kind: "pair", order: [1, 2, 3], people: { [ann]: "owner", [bob]: "owner" } };
const devices = [ann, bob, cid, dan].flatMap((publicId) => [device(publicId, 1), device(publicId, 2)]);

const epoch = 100n;

interface Try extends Partial<CommitSummary> {
  by: PublicId;
  unlisted?: GroupDevice[];
}

const refusal = (state: GroupState, { by, unlisted = [], ...change }: Try) =>
  refusalOf(
    {
      ...{ state, epoch },
      devices: devices.filter(({ publicId }) => state.people[publicId] !== undefined),
      listed: (one) => !unlisted.some((other) => other.device === one.device),
    },
    { committer: device(by, 1), added: [], removed: [], state, leaving: [], ...change },
  );

const others = "Somebody else's device was removed.";

test("who lets a device in anew takes out that device, and no other of its person", () => {
  const [one, two] = [device(cid, 1), device(cid, 2)];
  expect(refusal(group, { by: dan, added: [one], removed: [one] })).toBeUndefined();
  expect(refusal(group, { by: dan, added: [one], removed: [one, two] })).toBe(others);
  expect(refusal(group, { by: dan, added: [device(cid, 3)], removed: [one, two] })).toBe(others);
  expect(refusal(group, { by: dan, removed: [one] })).toBe(others);
});

test("devices that the registry lists go by their person, or by whoever may remove the person", () => {
  const all = (publicId: PublicId) => [device(publicId, 1), device(publicId, 2)];
  for (const by of [ann, bob, cid]) expect(refusal(group, { by, removed: all(cid) })).toBeUndefined();
  expect(refusal(group, { by: ann, removed: all(bob) })).toBeUndefined();
  expect(refusal(group, { by: bob, removed: all(ann) })).toBe(others);
  const owners = { ...group, people: { ...people, [bob]: "owner" as const } };
  expect(refusal(owners, { by: bob, removed: all(ann) })).toBe(others);
  const admins = { ...group, people: { ...people, [cid]: "admin" as const } };
  expect(refusal(admins, { by: bob, removed: all(cid) })).toBe(others);
  expect(refusal(group, { by: cid, removed: all(dan), unlisted: all(dan) })).toBeUndefined();
});

test("in a pair nobody takes out the other's devices, unless the registry no longer lists them", () => {
  const one = device(ann, 1);
  expect(refusal(pair, { by: bob, removed: [one] })).toBe(others);
  expect(refusal(pair, { by: bob, added: [one], removed: [one, device(ann, 2)] })).toBe(others);
  expect(refusal(pair, { by: bob, removed: [one], unlisted: [one] })).toBeUndefined();
  expect(refusal(pair, { by: ann, removed: [device(ann, 2)] })).toBeUndefined();
});

test("nobody plans what the others would refuse", () => {
  const wanted = (state: GroupState, own: PublicId, theirs: PublicId) =>
    planCommit({
      ...{ own, state, epoch, devices, listed: () => true, holds: () => true },
      intents: [{ number: 1, kind: "remove devices", devices: [device(theirs, 1).device] }],
    });
  for (const [state, own, theirs] of [
    [group, bob, ann],
    [group, dan, cid],
    [pair, bob, ann],
  ] as const)
    expect(wanted(state, own, theirs)).toMatchObject({ remove: [], covers: [], done: [1] });
  expect(wanted(group, bob, cid)).toMatchObject({ remove: [device(cid, 1).device], covers: [1] });
});

const without = (state: GroupState, ...gone: PublicId[]): GroupState => ({
  ...state,
  people: Object.fromEntries(Object.entries(state.people).filter(([one]) => !gone.includes(one as PublicId))),
});

test("a state says who went in the last 64 epochs, and nothing else of it counts", () => {
  const earlier = { ...group, went: { [person("e")]: 36, [person("f")]: 35, [bob]: 90 } };
  const went = { [person("e")]: 36, [bob]: 90, [dan]: 100 };
  const removed = [device(dan, 1), device(dan, 2)];
  expect(refusal(earlier, { by: bob, removed, state: { ...without(earlier, dan), went } })).toBeUndefined();
  for (const wrong of [undefined, {}, { ...went, [dan]: 99 }, { ...went, [cid]: 100 }, { [dan]: 100 }, earlier.went]) {
    const { went: _, ...rest } = without(earlier, dan);
    const state = wrong ? { ...rest, went: wrong } : rest;
    expect(refusal(earlier, { by: bob, removed, state })).toBe("The state does not say who went.");
  }
  const intents = [{ number: 1, kind: "remove people" as const, people: [dan] }];
  const wanted = { own: bob, state: earlier, epoch, devices, listed: () => true, holds: () => true };
  expect(planCommit({ ...wanted, intents }).state).toMatchObject({ went });
  expect(planCommit({ ...wanted, intents }).state.went).toEqual(went);
});

test("who went is remembered of the last 64 people, the same by everybody", () => {
  const many = Array.from({ length: 64 }, (_, i): PublicId => `0x${i.toString(16).padStart(64, "0")}`);
  const earlier = { ...group, went: Object.fromEntries(many.map((one, i) => [one, i < 2 ? 40 : 50 + i])) };
  const after = wentAfter(earlier, without(earlier, dan), [], epoch) ?? {};
  expect(Object.keys(after).length).toBe(64);
  expect(after).toMatchObject({ [dan]: 100, [many[0] as PublicId]: 40 });
  expect(after[many[1] as PublicId]).toBeUndefined();
});

test("admins share history, in their own name alone, and what was shared before keeps its words", () => {
  const share = (by: PublicId, more = {}) => ({ id: "a".repeat(32), by, to: dan, ...more });
  const shared = (...shares: ReturnType<typeof share>[]): GroupState => ({ ...group, shared: shares });
  expect(refusal(group, { by: bob, state: shared(share(bob)) })).toBeUndefined();
  expect(refusal(shared(share(bob)), { by: ann, state: group })).toBeUndefined();
  const forged = "History is shared in somebody else's name.";
  expect(refusal(group, { by: bob, state: shared(share(ann)) })).toBe(forged);
  expect(refusal(shared(share(ann)), { by: bob, state: shared(share(ann, { to: cid })) })).toBe(forged);
  expect(refusal(shared(share(ann, { since: 5 })), { by: bob, state: shared(share(ann)) })).toBe(forged);
  expect(refusal(group, { by: cid, state: shared(share(cid)) })).toBe("A member changed the group's settings.");
});

test("a group remembers the last eight sharings, each once, with those who belong", () => {
  const wanted = (state: GroupState, own: PublicId, to: PublicId, id = "b".repeat(32)) =>
    planCommit({
      ...{ own, state, epoch, devices, listed: () => true, holds: () => true },
      intents: [{ number: 1, kind: "share", id, to, since: 7 }],
    });
  const made = wanted(group, bob, dan);
  expect(made).toMatchObject({ covers: [1], state: { shared: [{ id: "b".repeat(32), by: bob, to: dan, since: 7 }] } });
  for (const plan of [wanted(made.state, bob, dan), wanted(group, bob, person("e")), wanted(group, cid, dan)])
    expect(plan).toMatchObject({ covers: [], done: [1] });
  let state = group;
  for (const digit of "0123456789") state = wanted(state, ann, cid, digit.repeat(32)).state;
  expect(state.shared?.map(({ id }) => id[0]).join("")).toBe("23456789");
});
