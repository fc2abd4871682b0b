import type { VideoProblem } from "../types/client.ts";
import type { PublicId } from "../types/primitives.ts";
import type { CallsInput } from "./types.ts";

type Input = Pick<CallsInput, "self" | "videoRights">;

/** Video takes two: both people's tiers must have it. As last known, without asking anybody. */
export function knownVideoProblem({ self, videoRights }: Input, contact: PublicId): VideoProblem | undefined {
  if (!videoRights) return undefined;
  if (!videoRights.may(self)) return "VIDEO_NOT_IN_TIER";
  return videoRights.may(contact) ? undefined : "VIDEO_NOT_IN_THEIR_TIER";
}

/** The same after a look at the chain where the last one is long ago, or said no. */
export async function askVideoProblem(input: Input, contact: PublicId): Promise<VideoProblem | undefined> {
  const { self, videoRights } = input;
  await Promise.all([videoRights?.ask(self), videoRights?.ask(contact)]);
  return knownVideoProblem(input, contact);
}
