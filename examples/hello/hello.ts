/**
 * Alice and Bob join, become contacts, and Alice says hello.
 * Run `npm start` in the root of the repository first, then: node hello.ts [address of a relay]
 */
import { type Client, createClient, createLocalWallet, createMemoryStore, newWalletKey } from "@skrumble/sdk";

const relays = [process.argv[2] ?? "http://localhost:7101"];

async function join(base: string): Promise<Client> {
  const client = await createClient({ relays, store: createMemoryStore() });
  await client.join({
    wallet: createLocalWallet(newWalletKey()),
    pseudonym: `${base}-${Math.random().toString(36).slice(2, 8)}`,
    securityCode: crypto.randomUUID(),
    onProgress: (step) => console.log(`${base}: ${step}`),
  });
  return client;
}

const [alice, bob] = await Promise.all([join("alice"), join("bob")]);

// Bob accepts whoever asks.
bob.on("contacts", (contact) => {
  if (contact.state === "request-received") bob.contacts.accept(contact.publicId);
});
const arrived = bob.once("message", (message) => !message.outgoing);

// Alice opens Bob's link, as if she had scanned his QR code.
const { publicId, pseudonym } = await alice.contacts.find(bob.link());
const connected = alice.once("contacts", ({ state }) => state === "connected");
await alice.contacts.request(publicId, "It is me, Alice.");
const { conversationId } = await connected;
if (!conversationId) throw new Error("connected without a conversation");

await alice.conversations.open(conversationId).sendText("Hello, Bob!");
const message = await arrived;
if (message.body.type === "text") console.log(`${pseudonym} received: ${message.body.text}`);

await Promise.all([alice.close(), bob.close()]);
