import { SkrumbleError } from "../../errors/index.ts";

/** The conversation does not take it, now or ever: the group was left, the contact blocked, all of it deleted. */
export const isUntellable = (error: unknown): error is SkrumbleError =>
  error instanceof SkrumbleError &&
  (error.code === "CONVERSATION_NOT_ENTERED" || ["input", "peer"].includes(error.category)) &&
  error.code !== "ABORTED";
