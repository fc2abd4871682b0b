// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SkrumbleError } from "../../sdk/src/errors/index.ts";
import { GroupFace } from "../features/contacts/group-face.tsx";
import { useContacts } from "../features/contacts/model.ts";
import GroupDetails from "../features/groups/details.tsx";
import { useSession } from "../features/session/model.ts";
import type { Contact, Conversation, GroupActions, GroupSummary, GroupView } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const words = en.groups;
const group: GroupView = {
  ...{ name: "Tea house", description: "Cups and when", role: "owner", write: "all", join: "approval" },
  people: [
    { publicId: "0x01", pseudonym: "lin", role: "owner", devices: 2 },
    { publicId: "0x02", pseudonym: "wei", role: "member", devices: 1 },
  ],
  ...{ pinned: [], invited: [{ publicId: "0x03", pseudonym: "mo" }], settling: false },
  requests: [{ publicId: "0x04", pseudonym: "ada", at: 0 }],
};

function open(view: GroupView, actions: Partial<GroupActions>, conversation: Partial<Conversation> = {}) {
  const given = { link: () => "https://relay.example/#/join/Tea~x", ...actions } as GroupActions;
  const client = fakeClient({ conversation: { group: given, ...conversation } });
  const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x00", keyVersion: 1, deviceKey: "0x00" } as const;
  useSession.setState({ session: { status: "joined", client, identity } });
  const summary: GroupSummary = {
    ...{ id: "aa", kind: "group", unread: 0, flags: {}, timer: 0, group: view },
    certificate: { state: "waiting", since: 0 },
  };
  const [onJump, onClose] = [vi.fn(), vi.fn()];
  show(<GroupDetails summary={summary} onClose={onClose} onJump={onJump} onTrust={vi.fn()} />);
  return { onJump, onClose };
}

beforeEach(() => {
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => {
  cleanup();
  useContacts.setState({ contacts: {} });
  useSession.setState(useSession.getInitialState());
});

describe("the details of a group", () => {
  test("let somebody in, or not", async () => {
    const decide = vi.fn().mockResolvedValue(undefined);
    open(group, { decide });
    fireEvent.click(screen.getByRole("button", { name: "Let in ada" }));
    await waitFor(() => expect(decide).toHaveBeenCalledWith("0x04", true));
    await waitFor(() => expect(screen.getByRole("button", { name: "No, not ada" })).toHaveProperty("disabled", false));
    fireEvent.click(screen.getByRole("button", { name: "No, not ada" }));
    await waitFor(() => expect(decide).toHaveBeenLastCalledWith("0x04", false));
  });

  test("ask before somebody is removed, and say why it did not work", async () => {
    const remove = vi.fn().mockRejectedValueOnce(new SkrumbleError("GROUP_NOT_ADMIN")).mockResolvedValue(undefined);
    open(group, { remove });
    fireEvent.keyDown(screen.getByRole("button", { name: "More about wei" }), { key: "Enter" });
    fireEvent.click(await screen.findByRole("menuitem", { name: words.remove }));
    expect(remove).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: words.removeAction }));
    await screen.findByText(en.errors.GROUP_NOT_ADMIN);
    fireEvent.click(screen.getByRole("button", { name: words.removeAction }));
    await waitFor(() => expect(screen.queryByText("Remove wei?")).toBeNull());
    expect(remove).toHaveBeenLastCalledWith("0x02");
  });

  test("share history after saying what that means, as far back as was chosen", async () => {
    const shareHistory = vi
      .fn()
      .mockRejectedValueOnce(new SkrumbleError("HISTORY_NOTHING"))
      .mockResolvedValue({ messages: 2, complete: true });
    open(group, { shareHistory });
    fireEvent.keyDown(screen.getByRole("button", { name: "More about wei" }), { key: "Enter" });
    fireEvent.click(await screen.findByRole("menuitem", { name: words.shareHistory }));
    expect(screen.getByText(/Everybody in the group sees a notice/)).toBeTruthy();
    expect(screen.getByRole("radio", { name: words.share.week, checked: true })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: words.share.action }));
    await screen.findByText(en.errors.HISTORY_NOTHING);
    expect(Date.now() - shareHistory.mock.calls[0]?.[1].since).toBeLessThan(8 * 86_400_000);
    fireEvent.click(screen.getByRole("radio", { name: words.share.all }));
    fireEvent.click(screen.getByRole("button", { name: words.share.action }));
    await waitFor(() => expect(screen.queryByText("Share history with wei?")).toBeNull());
    expect(shareHistory).toHaveBeenLastCalledWith("0x02", {});
  });

  test("change a role at once", async () => {
    const setRole = vi.fn().mockResolvedValue(undefined);
    open(group, { setRole });
    fireEvent.keyDown(screen.getByRole("button", { name: "More about wei" }), { key: "Enter" });
    fireEvent.click(await screen.findByRole("menuitem", { name: words.makeAdmin }));
    await waitFor(() => expect(setRole).toHaveBeenCalledExactlyOnceWith("0x02", "admin"));
  });

  test("send only what was edited", async () => {
    const update = vi.fn().mockResolvedValue(undefined);
    open(group, { update });
    fireEvent.click(screen.getByRole("button", { name: words.edit }));
    fireEvent.change(screen.getByLabelText(words.name), { target: { value: "Tea garden" } });
    fireEvent.click(screen.getByRole("button", { name: words.save }));
    await waitFor(() => expect(update).toHaveBeenCalledExactlyOnceWith({ name: "Tea garden" }));
  });

  test("ask contacts in who are not in yet", async () => {
    const invite = vi.fn().mockResolvedValue(undefined);
    const contact = (publicId: `0x${string}`, pseudonym: string, more: Partial<Contact> = {}): [string, Contact] => [
      publicId,
      { publicId, pseudonym, state: "connected", since: 0, verified: false, ...more },
    ];
    const contacts = [contact("0x02", "wei"), contact("0x05", "zhou"), contact("0x06", "no", { state: "declined" })];
    useContacts.setState({ contacts: Object.fromEntries(contacts) });
    open(group, { invite });
    fireEvent.click(screen.getByRole("button", { name: words.add }));
    expect(screen.getAllByRole("checkbox")).toHaveLength(1);
    fireEvent.click(screen.getByRole("checkbox", { name: "zhou" }));
    fireEvent.click(screen.getByRole("button", { name: "Ask 1 person in" }));
    await waitFor(() => expect(invite).toHaveBeenCalledExactlyOnceWith(["0x05"]));
  });

  test("show pinned messages that are here, and where they were said", async () => {
    const messages = vi.fn(async (page?: object) => {
      if (page && "around" in page && page.around === "m1") return [textMessage("m1", 1)];
      throw new SkrumbleError("MESSAGE_UNKNOWN");
    });
    const { onJump } = open({ ...group, pinned: ["m1", "m2"] }, {}, { messages });
    fireEvent.click(await screen.findByText("m1"));
    expect(onJump).toHaveBeenCalledExactlyOnceWith("m1");
    expect(screen.getByText(words.pinnedGone)).toBeTruthy();
  });

  test("leave after a question", async () => {
    const leave = vi.fn().mockResolvedValue(undefined);
    const { onClose } = open(group, { leave });
    fireEvent.click(screen.getByRole("button", { name: words.leave }));
    expect(screen.getByText(words.leaveText.lastOwner)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: words.leaveAction }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(leave).toHaveBeenCalledOnce();
  });

  test("offer members only what they may do", () => {
    open(
      { ...group, role: "member", people: group.people.map((one) => ({ ...one, role: "member" })), requests: [] },
      {},
    );
    for (const name of [words.edit, words.add, words.timer, "More about wei"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
    expect(screen.getByRole("button", { name: words.link })).toBeTruthy();
  });

  test("say so when one is out", () => {
    const { role: _, ...view } = group;
    open({ ...view, left: "removed", requests: [], invited: [] }, {});
    expect(screen.getByText(/removed you/).textContent).toContain(words.leftWay);
    expect(screen.queryByRole("button", { name: words.leave })).toBeNull();
  });
});

test("a picture keeps its address when the same bytes come anew, so that nothing flickers", () => {
  const picture = () => Uint8Array.of(0xff, 0xd8, 1, 2, 3);
  const { container, rerender } = show(<GroupFace id="aa" picture={picture()} size={40} />);
  const shown = () => container.querySelector("span")?.style.backgroundImage;
  const before = shown();
  expect(before).toContain("data:image/jpeg;base64,/9gBAgM=");
  rerender(<GroupFace id="aa" picture={picture()} size={40} />);
  expect(shown()).toBe(before);
});
