import { afterEach, describe, expect, test, vi } from "vitest";
import {
  maxGroupName as sdkName,
  maxPeople as sdkPeople,
  maxPicture as sdkPicture,
  maxDescription as sdkText,
} from "../../sdk/src/conversation/group/state.ts";
import { SkrumbleError } from "../../sdk/src/errors/index.ts";
import { ask, attachKnocks, useKnocks } from "../features/groups/joins.ts";
import { maxDescription, maxGroupName, maxPeople, maxPicture } from "../features/groups/limits.ts";
import { actionsOn, hasLink, inOrder, leaving } from "../features/groups/model.ts";
import { useNewGroup } from "../features/groups/new-group.ts";
import { firstFitting, middleSquare } from "../features/groups/picture.ts";
import { groupFragment, pageOfLink } from "../lib/link-page.ts";
import type { GroupMember, GroupSummary, GroupView, Role } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";

const own = "0x01";
const member = (publicId: `0x${string}`, pseudonym: string, role: Role = "member"): GroupMember => ({
  ...{ publicId, pseudonym, role, devices: 1 },
});
const view = (role: Role | undefined, people: GroupMember[] = [], more: Partial<GroupView> = {}): GroupView => ({
  ...{ name: "Tea", description: "", people, write: "all", join: "approval" },
  ...{ pinned: [], invited: [], requests: [], settling: false, ...(role ? { role } : {}), ...more },
});

test("the fields end where the SDK ends", () => {
  expect([maxGroupName, maxDescription, maxPicture, maxPeople]).toEqual([sdkName, sdkText, sdkPicture, sdkPeople]);
});

describe("what can be done to somebody", () => {
  const [wei, mo, lin] = [member("0x02", "wei"), member("0x03", "mo", "admin"), member("0x04", "lin", "owner")];

  test("owners manage everybody but other owners", () => {
    expect(actionsOn(view("owner"), own, wei)).toEqual(["shareHistory", "makeAdmin", "makeOwner", "remove"]);
    expect(actionsOn(view("owner"), own, mo)).toEqual(["shareHistory", "makeMember", "makeOwner", "remove"]);
    expect(actionsOn(view("owner"), own, lin)).toEqual(["shareHistory"]);
  });

  test("admins remove members, and share history with everybody", () => {
    const all = [wei, mo, lin].map((person) => actionsOn(view("admin"), own, person));
    expect(all).toEqual([["shareHistory", "remove"], ["shareHistory"], ["shareHistory"]]);
  });

  test.each<Role | undefined>(["member", undefined])("%s: nothing", (role) => {
    expect([wei, mo, lin].flatMap((person) => actionsOn(view(role), own, person))).toEqual([]);
  });

  test("nobody manages themselves", () => {
    expect(actionsOn(view("owner"), own, member(own, "me"))).toEqual([]);
  });
});

test("oneself first, then owner and admins, then everybody by name", () => {
  const people = [member("0x05", "zed"), member("0x06", "ada"), member("0x03", "mo", "admin"), member(own, "me")];
  const names = inOrder([...people, member("0x04", "lin", "owner")], own).map(({ pseudonym }) => pseudonym);
  expect(names).toEqual(["me", "lin", "mo", "ada", "zed"]);
});

describe("who may pass the link on", () => {
  test("a closed group has no link, nor has one who is out", () => {
    expect(hasLink(view("member"))).toBe(true);
    expect(hasLink(view("owner", [], { join: "closed" }))).toBe(false);
    expect(hasLink(view(undefined))).toBe(false);
  });
});

test("leaving means something else for the last one and for the only owner", () => {
  const me = member(own, "me", "owner");
  expect(leaving(view("owner", [me]))).toBe("alone");
  expect(leaving(view("owner", [me, member("0x02", "wei")]))).toBe("lastOwner");
  expect(leaving(view("owner", [me, member("0x02", "wei", "owner")]))).toBe("plain");
  expect(leaving(view("member", [member(own, "me"), member("0x02", "wei", "owner")]))).toBe("plain");
});

describe("a new group", () => {
  const { change, make } = useNewGroup.getState();
  afterEach(() => useNewGroup.setState(useNewGroup.getInitialState()));

  test("keeps what was typed when it cannot be made, and says why", async () => {
    const create = vi.fn().mockRejectedValue(new SkrumbleError("RELAY_NONE"));
    change({ name: "Tea", people: ["0x02"] });
    expect(await make(fakeClient({ client: { groups: { create, join: vi.fn() } } }))).toBeUndefined();
    expect(useNewGroup.getState()).toMatchObject({ error: "RELAY_NONE", busy: false, draft: { name: "Tea" } });
    change({ name: "Tea time" });
    expect(useNewGroup.getState().error).toBeUndefined();
  });

  test("hands over what was chosen and starts afresh", async () => {
    const create = vi.fn().mockResolvedValue({ id: "aa" });
    change({ name: "Tea", description: "  ", write: "admins", people: ["0x02"] });
    expect(await make(fakeClient({ client: { groups: { create, join: vi.fn() } } }))).toBe("aa");
    expect(create).toHaveBeenCalledExactlyOnceWith({
      ...{ name: "Tea", people: ["0x02"], write: "admins", join: "approval" },
    });
    expect(useNewGroup.getState().draft.name).toBe("");
  });

  test("is not made without a name, nor twice at once", async () => {
    const create = vi.fn(() => new Promise<never>(() => {}));
    const client = fakeClient({ client: { groups: { create, join: vi.fn() } } });
    await make(client);
    expect(create).not.toHaveBeenCalled();
    change({ name: "Tea" });
    void make(client);
    void make(client);
    expect(create).toHaveBeenCalledOnce();
  });
});

describe("knocking at a group", () => {
  const states = () => useKnocks.getState().knocks;
  const world = (join: () => Promise<{ conversationId: string; name: string }>) => {
    const client = fakeClient({ client: { groups: { create: vi.fn(), join } } });
    return { client, stop: attachKnocks(client) };
  };
  const letIn = { id: "aa", kind: "group", group: view("member") } as GroupSummary;

  test("waits, is refused, knocks again and is let in", async () => {
    const { client, stop } = world(async () => ({ conversationId: "aa", name: "Tea" }));
    await ask(client, "#/join/x", "aa", "Tea");
    expect(states()).toEqual({ aa: { name: "Tea", state: "waiting" } });
    client.emit("refused", { conversationId: "bb" });
    client.emit("refused", { conversationId: "aa" });
    expect(states()).toEqual({ aa: { name: "Tea", state: "refused" } });
    await ask(client, "#/join/x", "aa", "Tea");
    client.emit("conversation", { ...letIn, group: view(undefined, [], { left: "removed" }) });
    expect(states().aa?.state).toBe("waiting");
    client.emit("conversation", letIn);
    expect(states().aa?.state).toBe("in");
    stop();
  });

  test("whoever is let in before the knock is through does not wait on", async () => {
    const { client, stop } = world(async () => {
      client.emit("conversation", letIn);
      return { conversationId: "aa", name: "Tea" };
    });
    await ask(client, "#/join/x", "aa", "Tea");
    expect(states().aa?.state).toBe("in");
    stop();
  });

  test("says what went wrong", async () => {
    const { client, stop } = world(() => Promise.reject(new SkrumbleError("NETWORK_UNREACHABLE")));
    await ask(client, "#/join/x", "aa", "Tea");
    expect(states().aa).toEqual({ name: "Tea", state: "failed", code: "NETWORK_UNREACHABLE" });
    stop();
    expect(states()).toEqual({});
  });
});

describe("a group's picture", () => {
  test.each([
    [400, 300, { x: 50, y: 0, side: 300 }],
    [3, 10, { x: 0, y: 3, side: 3 }],
    [7, 7, { x: 0, y: 0, side: 7 }],
  ])("%i × %i: the middle square", (width, height, square) => expect(middleSquare(width, height)).toEqual(square));

  test("takes the first encoding that is small enough", async () => {
    const tried: string[] = [];
    const blob = await firstFitting(async (side, quality) => {
      tried.push(`${side} ${quality}`);
      return new Blob([new Uint8Array(side >= 192 ? maxPicture + 1 : maxPicture)]);
    });
    expect(blob?.size).toBe(maxPicture);
    expect(tried).toEqual(["192 0.86", "192 0.7", "192 0.5", "160 0.86"]);
  });

  test("gives up on what stays too large, or empty", async () => {
    expect(await firstFitting(async () => new Blob([new Uint8Array(maxPicture + 1)]))).toBeUndefined();
    expect(await firstFitting(async () => new Blob([]))).toBeUndefined();
  });
});

test("links lead to their pages", () => {
  expect(pageOfLink("#/join/Tea~abc")).toBe("/groups/join/#/join/Tea~abc");
  expect(pageOfLink("#/add/lin~abc")).toBe("/add/#/add/lin~abc");
  expect(groupFragment(" https://relay.example/#/join/Tea~abc\n")).toBe("#/join/Tea~abc");
  expect(groupFragment("lin")).toBeUndefined();
});
