// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type ActionInput, actionsOf, canReact, editableMs } from "../features/message/actions.ts";
import {
  afterSend,
  cancelMode,
  emptyComposer,
  startEdit,
  startReply,
  whatToSend,
} from "../features/message/composer-mode.ts";
import DeleteSheet from "../features/message/delete-sheet.tsx";
import ForwardSheet from "../features/message/forward-sheet.tsx";
import { DeletedMessage, EditedMark, ForwardedMark, StarMark } from "../features/message/marks.tsx";
import { MessageActions } from "../features/message/message-actions.tsx";
import { Quoted } from "../features/message/quoted.tsx";
import { ReactionChips } from "../features/message/reaction-chips.tsx";
import { ReplyPreview } from "../features/message/reply-preview.tsx";
import { PageError } from "../lib/errors.ts";
import type { Message } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { settle } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

const theirs: ActionInput = { kind: "text", outgoing: false, at: 0, delivery: "read", canWrite: true };
const mine: ActionInput = { ...theirs, outgoing: true };

describe("what can be done with a message", () => {
  test("own words can be changed for a day and taken back from everybody", () => {
    expect(actionsOf(mine, editableMs - 1)).toEqual(
      expect.arrayContaining(["edit", "delete-for-everyone", "reply", "copy"]),
    );
    expect(actionsOf(mine, editableMs)).not.toContain("edit");
  });

  test("an agreement binds people and may hold money: it is neither passed on nor taken from the others", () => {
    expect(actionsOf({ ...mine, kind: "agreement" }, 0)).toEqual(["reply", "star", "delete-for-me"]);
    expect(actionsOf({ ...theirs, kind: "agreement", role: "admin" }, 0)).toEqual([
      "reply",
      "star",
      "pin",
      "delete-for-me",
    ]);
  });

  test("other people's words can be neither, except by an admin's deletion", () => {
    expect(actionsOf(theirs, 0)).toEqual(["reply", "copy", "forward", "star", "delete-for-me"]);
    expect(actionsOf({ ...theirs, role: "member" }, 0)).not.toContain("pin");
    expect(actionsOf({ ...theirs, role: "admin" }, 0)).toEqual(expect.arrayContaining(["pin", "delete-for-everyone"]));
    expect(actionsOf({ ...theirs, role: "admin" }, 0)).not.toContain("edit");
  });

  test("what did not go out, or where one may not write, allows less", () => {
    expect(actionsOf({ ...mine, delivery: "failed" }, 0)).toEqual(["copy", "delete-for-me"]);
    expect(actionsOf({ ...mine, canWrite: false }, 0)).toEqual(["copy", "forward", "star", "delete-for-me"]);
    expect(canReact({ ...theirs, canWrite: false })).toBe(false);
    expect(canReact(theirs)).toBe(true);
  });

  test("calls, deleted messages and notices", () => {
    expect(actionsOf({ ...theirs, kind: "call" }, 0)).toEqual(["delete-for-me"]);
    expect(actionsOf({ ...mine, kind: "deleted" }, 0)).toEqual(["delete-for-me"]);
    expect(actionsOf({ ...theirs, kind: "notice" }, 0)).toEqual([]);
    expect(actionsOf({ ...mine, kind: "voice" }, 0)).not.toContain("edit");
  });
});

describe("the composer's modes", () => {
  const reply = { id: "1", from: "0x02", preview: "hello" } as const;
  const writing = { ...emptyComposer, text: "half a thou" };

  test("an edit brings the old words and keeps the draft, however it ends", () => {
    const editing = startEdit(writing, "7", "old words");
    expect(editing.text).toBe("old words");
    expect(cancelMode(editing)).toEqual(writing);
    expect(afterSend({ ...editing, text: "new words" })).toEqual(writing);
    expect(startEdit(editing, "8", "others").draft).toBe("half a thou");
  });

  test("a reply keeps what is being written; sending ends it, Escape keeps the words", () => {
    const replying = startReply(writing, reply);
    expect(replying).toMatchObject({ mode: { kind: "reply", to: reply }, text: "half a thou" });
    expect(cancelMode(replying)).toEqual(writing);
    expect(afterSend(replying)).toEqual(emptyComposer);
    expect(startReply(startEdit(writing, "7", "old"), reply).text).toBe("half a thou");
  });

  test("blanks are not sent, an edit without change is closed", () => {
    expect(whatToSend({ ...emptyComposer, text: " \n" })).toEqual({ kind: "nothing" });
    expect(whatToSend(startEdit(writing, "7", "same "))).toEqual({ kind: "close" });
    expect(whatToSend({ ...startEdit(writing, "7", "same"), text: "new " })).toEqual({ kind: "edit", text: "new" });
    expect(whatToSend(startReply(writing, reply))).toEqual({ kind: "reply", text: "half a thou" });
  });
});

function menu(more: Partial<Parameters<typeof MessageActions>[0]> = {}) {
  const onAction = vi.fn();
  const onReact = vi.fn();
  show(
    <MessageActions actions={actionsOf(mine, 0)} outgoing onAction={onAction} onReact={onReact} {...more}>
      <p>hello</p>
    </MessageActions>,
  );
  return { onAction, onReact };
}

describe("the menu of a message", () => {
  test("opens on the bubble and says what it can do", () => {
    const { onAction } = menu();
    fireEvent.contextMenu(screen.getByText("hello"));
    const entries = screen
      .getAllByRole("menuitem")
      .map((entry) => entry.textContent || entry.getAttribute("aria-label"));
    expect(entries).toContain("Delete for everyone");
    fireEvent.click(screen.getByRole("menuitem", { name: "Edit" }));
    expect(onAction).toHaveBeenCalledExactlyOnceWith("edit");
  });

  test("opens by keyboard from its button", () => {
    const { onAction } = menu();
    fireEvent.click(screen.getByRole("button", { name: en.messageMenu.more }));
    fireEvent.click(screen.getByRole("menuitem", { name: "Reply" }));
    expect(onAction).toHaveBeenCalledExactlyOnceWith("reply");
  });

  test("a quick reaction is chosen, the own one taken back", () => {
    const { onReact } = menu({ mine: "❤️" });
    fireEvent.contextMenu(screen.getByText("hello"));
    fireEvent.click(screen.getByRole("menuitemcheckbox", { name: "React with 👍" }));
    expect(onReact).toHaveBeenLastCalledWith("👍");
    fireEvent.contextMenu(screen.getByText("hello"));
    const own = screen.getByRole("menuitemcheckbox", { name: "React with ❤️" });
    expect(own.getAttribute("aria-checked")).toBe("true");
    fireEvent.click(own);
    expect(onReact).toHaveBeenLastCalledWith(null);
  });

  test("star and pin say the way back", () => {
    menu({ actions: ["star", "pin"], starred: true, pinned: true, onReact: undefined });
    fireEvent.contextMenu(screen.getByText("hello"));
    expect(screen.getAllByRole("menuitem").map((entry) => entry.textContent)).toEqual(["Take the star away", "Unpin"]);
  });

  test("opens by a long press of a finger that holds still", () => {
    vi.useFakeTimers();
    try {
      menu();
      const bubble = screen.getByText("hello");
      const finger = { pointerType: "touch", clientX: 50, clientY: 50 };
      fireEvent.pointerDown(bubble, finger);
      fireEvent.pointerMove(bubble, { ...finger, clientY: 90 });
      act(() => void vi.advanceTimersByTime(1_000));
      expect(screen.queryByRole("menu")).toBeNull();
      fireEvent.pointerDown(bubble, finger);
      fireEvent.pointerMove(bubble, { ...finger, clientX: 53 });
      act(() => void vi.advanceTimersByTime(600));
      expect(screen.getByRole("menu")).toBeTruthy();
    } finally {
      vi.useRealTimers();
    }
  });

  test("a notice has none", () => {
    menu({ actions: [] });
    expect(screen.queryByRole("button")).toBeNull();
  });
});

const names: Record<string, string> = { "0x01": "lin", "0x02": "wei", "0x03": "微风" };
const nameOf = (person: string) => names[person] ?? "?";

describe("reactions under a bubble", () => {
  const reactions: NonNullable<Message["reactions"]> = [
    { emoji: "👍", people: ["0x01", "0x02"] },
    { emoji: "🎉", people: ["0x03"] },
  ];

  test("the own one is marked, a tap says who, and takes it back", () => {
    const onReact = vi.fn();
    show(<ReactionChips reactions={reactions} me="0x01" nameOf={nameOf} onReact={onReact} />);
    fireEvent.click(screen.getByRole("button", { name: "👍, you and others, 2 in all" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["You", "wei"]);
    fireEvent.click(dialog.getByRole("button", { name: en.reactions.takeBack }));
    expect(onReact).toHaveBeenCalledExactlyOnceWith(null);
  });

  test("one can join in, or only look", () => {
    const onReact = vi.fn();
    const { unmount } = show(<ReactionChips reactions={reactions} me="0x01" nameOf={nameOf} onReact={onReact} />);
    fireEvent.click(screen.getByRole("button", { name: "🎉, 1 person" }));
    fireEvent.click(screen.getByRole("button", { name: en.reactions.same }));
    expect(onReact).toHaveBeenCalledExactlyOnceWith("🎉");
    unmount();
    show(<ReactionChips reactions={reactions} me="0x01" nameOf={nameOf} />, "zh-CN");
    fireEvent.click(screen.getByRole("button", { name: "🎉，1 人" }));
    expect(screen.queryByRole("button", { name: zh.reactions.same })).toBeNull();
  });
});

describe("answers", () => {
  test("the preview says to whom, without marks, and can be cancelled", () => {
    const onCancel = vi.fn();
    const to = { id: "1", from: "0x02", preview: "**bold** words" } as const;
    show(<ReplyPreview mode={{ kind: "reply", to }} nameOf={nameOf} onCancel={onCancel} />);
    expect(within(screen.getByRole("region", { name: "Reply to wei" })).getByText("bold words")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: en.reply.cancel }));
    expect(onCancel).toHaveBeenCalledOnce();
  });

  test("an edit is named as such, and plain writing shows nothing", () => {
    show(<ReplyPreview mode={{ kind: "edit", id: "1", original: "old" }} nameOf={nameOf} onCancel={() => {}} />);
    expect(screen.getByRole("region", { name: "Edit message" })).toBeTruthy();
    cleanup();
    const { container } = show(<ReplyPreview mode={{ kind: "write" }} nameOf={nameOf} onCancel={() => {}} />);
    expect(container.textContent).toBe("");
  });

  test("the quote in a bubble leads to the original", () => {
    const onJump = vi.fn();
    show(
      <Quoted quote={{ id: "1", from: "0x03", preview: "*first*", state: "known" }} nameOf={nameOf} onJump={onJump} />,
    );
    fireEvent.click(screen.getByRole("button", { name: "Answers 微风 first Show it" }));
    expect(onJump).toHaveBeenCalledOnce();
  });

  test("a quote without an original leads nowhere and says whose words it is", () => {
    const quote = { id: "1", from: "0x03", preview: "first", state: "claimed" } as const;
    show(<Quoted quote={quote} nameOf={nameOf} onJump={() => {}} />);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText(en.reply.claimed)).toBeTruthy();
  });

  test("a quoted voice message and a deleted one have words of their own", () => {
    const quote = { id: "1", from: "0x03", preview: "" } as const;
    show(<Quoted quote={{ ...quote, state: "known" }} nameOf={nameOf} onJump={() => {}} />);
    expect(screen.getByText(en.reply.voice)).toBeTruthy();
    cleanup();
    show(<Quoted quote={{ ...quote, state: "deleted" }} nameOf={nameOf} onJump={() => {}} />);
    expect(screen.getByText(en.marks.deleted)).toBeTruthy();
  });
});

describe("marks", () => {
  test("edited, starred, forwarded and deleted are said in words", () => {
    show(
      <>
        <EditedMark at={0} />
        <StarMark />
        <ForwardedMark />
        <DeletedMessage outgoing={false} />
        <DeletedMessage outgoing />
        <DeletedMessage outgoing={false} admin="wei" />
      </>,
    );
    for (const words of ["edited", "Forwarded", en.marks.deleted, en.marks.deletedByMe, "wei deleted this message."])
      expect(screen.getByText(words)).toBeTruthy();
    expect(screen.getByRole("img", { name: "Starred" })).toBeTruthy();
  });
});

describe("forwarding", () => {
  const targets = ["lin", "wei", "ada", "bo", "cy", "di"].map((name) => ({ id: name, name, seed: name }));

  test("to up to five, found by name", async () => {
    const onForward = vi.fn(async () => {});
    const onClose = vi.fn();
    show(<ForwardSheet targets={targets} onClose={onClose} onForward={onForward} />);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Choose where to" }).disabled).toBe(true);
    for (const { name } of targets.slice(0, 5)) fireEvent.click(screen.getByRole("checkbox", { name }));
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "di" }).disabled).toBe(true);
    fireEvent.click(screen.getByRole("checkbox", { name: "lin" }));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "D" } });
    expect(screen.getAllByRole("checkbox")).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Forward to 4" }));
    await settle();
    expect(onForward).toHaveBeenCalledExactlyOnceWith(["wei", "ada", "bo", "cy"]);
    expect(onClose).toHaveBeenCalledOnce();
  });

  test("a failure keeps the choice and says why", async () => {
    const onClose = vi.fn();
    const onForward = () => Promise.reject(new PageError("MESSAGE_TOO_LONG"));
    show(<ForwardSheet targets={targets} onClose={onClose} onForward={onForward} />);
    fireEvent.click(screen.getByRole("checkbox", { name: "wei" }));
    fireEvent.click(screen.getByRole("button", { name: "Forward to one" }));
    expect((await screen.findByRole("alert")).textContent).toBe(en.errors.MESSAGE_TOO_LONG);
    expect(onClose).not.toHaveBeenCalled();
  });
});

test("deleting is asked once and says what it cannot do", () => {
  const onDelete = vi.fn();
  show(<DeleteSheet forEveryone onClose={() => {}} onDelete={onDelete} />);
  expect(screen.getByText(en.deleteMessage.everyone)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Delete" }));
  expect(onDelete).toHaveBeenCalledOnce();
});
