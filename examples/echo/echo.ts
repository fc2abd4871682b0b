/**
 * A bot that repeats what it is told: everything in a conversation of two, and in a group what begins with its name. It
 * accepts everybody, comes into groups it is asked into, and is the same bot after a restart.
 * Run `npm start` in the root of the repository first, then: node echo.ts [address of a relay] [folder]
 */
import { createClient, createLocalWallet, newWalletKey } from "@skrumble/sdk";
import { createFileStore } from "@skrumble/sdk/node";

const relay = process.argv[2] ?? "http://localhost:7101";
const client = await createClient({
  relays: [relay],
  store: createFileStore({ path: process.argv[3] ?? "echo-data" }),
});

if (!client.identity) {
  await client.join({
    wallet: createLocalWallet(newWalletKey()),
    pseudonym: `echo-${Math.random().toString(36).slice(2, 8)}`,
    securityCode: crypto.randomUUID(),
  });
}
const name = client.identity?.pseudonym ?? "echo";

client.on("contacts", ({ state, publicId }) => {
  if (state === "request-received") void client.contacts.accept(publicId);
});

client.on("message", async ({ conversationId, id, outgoing, body }) => {
  if (outgoing || body.type !== "text") return;
  const conversation = client.conversations.open(conversationId);
  await conversation.markRead(id);
  const toMe = conversation.group ? body.text.startsWith(`@${name} `) : true;
  const words = conversation.group ? body.text.slice(name.length + 2) : body.text;
  if (toMe && words.trim()) await conversation.sendText(words, { replyTo: id });
});

client.on("conversation", (summary) => {
  if (summary.kind === "group") console.log(`in the group "${summary.group.name}" with ${summary.group.people.length}`);
});
console.log(`${name} listens: ${client.link()}`);

process.once("SIGTERM", () => void client.close().then(() => process.exit(0)));
process.once("SIGINT", () => void client.close().then(() => process.exit(0)));
