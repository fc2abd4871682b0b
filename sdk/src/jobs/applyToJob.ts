import { cleanText, isBlank } from "../conversation/content/text.ts";
import { maxNote } from "../conversation/handshake.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Client, Contact } from "../types/client.ts";
import type { Job } from "../types/jobs.ts";

/**
 * Applies for a job: a sealed message to the poster, or with people who are not connected yet a contact request with these words.
 * Nothing of it is on chain, and no relay learns who applies for what.
 * @param note what to say; its beginning names the job, see {@link applicationNote}
 * @throws SkrumbleError JOB_NOT_OPEN, PERSON_NOT_FOUND, MESSAGE_EMPTY, MESSAGE_TOO_LONG, and what the client's verbs throw
 */
export async function applyToJob(client: Client, job: Job, note: string): Promise<Contact> {
  if (job.state !== "open" || job.applyBy * 1000 < Date.now()) throw new SkrumbleError("JOB_NOT_OPEN");
  if (!job.poster) throw new SkrumbleError("PERSON_NOT_FOUND");
  if (isBlank(note)) throw new SkrumbleError("MESSAGE_EMPTY");
  const text = applicationNote(job.id, note);
  if (text.length > maxNote) throw new SkrumbleError("MESSAGE_TOO_LONG");
  const { publicId } = job.poster;
  const known = (await client.contacts.list()).find((contact) => contact.publicId === publicId);
  if (known?.state !== "connected" || !known.conversationId) return client.contacts.request(publicId, text);
  await client.conversations.open(known.conversationId).sendText(text);
  return known;
}

/** `#7` and the words. */
export const applicationNote = (jobId: bigint, note: string): string => `#${jobId} ${cleanText(note).trim()}`;

/** Which job a message applies for; undefined for any other message. */
export function applicationOf(text: string): { jobId: bigint; note: string } | undefined {
  const [, id, note] = /^#([1-9][0-9]{0,18}) ([\s\S]+)$/.exec(text) ?? [];
  return id && note ? { jobId: BigInt(id), note } : undefined;
}
