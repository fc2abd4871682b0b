import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ConversationSummary } from "../../sdk/src/index.ts";
import { eventually, joinPerson, startTestNetwork, type TestNetwork } from "../support/network.ts";

const program = join(import.meta.dirname, "..", "..", "examples", "echo", "echo.ts");
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let network: TestNetwork;
const folder = mkdtempSync(join(tmpdir(), "skrumble-echo-"));
beforeAll(async () => {
  network = await startTestNetwork();
});
afterAll(async () => {
  await network?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The running bot and the link it prints. */
async function startBot() {
  const bot = spawn(process.execPath, [program, network.urls[0] as string, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: bot.stdout });
  const link = await new Promise<string>((resolve, reject) => {
    bot.once("exit", (code) => reject(new Error(`the bot ended with ${code}`)));
    lines.on("line", (line) => line.includes(" listens: ") && resolve(line.split(" listens: ")[1] as string));
  });
  return {
    link,
    async stop() {
      const ended = new Promise((resolve) => bot.once("exit", resolve));
      bot.kill("SIGTERM");
      await ended;
    },
  };
}

test("repeats what it is told, comes into a group, and is the same bot after a restart", async () => {
  const first = await startBot();
  const alice = await joinPerson(network, "alice");
  const { publicId, pseudonym } = await alice.client.contacts.find(first.link);
  await alice.client.contacts.request(publicId);
  const pair = await eventually("the bot's answer", async () =>
    (await alice.client.conversations.list()).find(({ kind }) => kind === "pair"),
  );
  const heard = (id: string, text: string) =>
    eventually(`"${text}"`, async () =>
      (await alice.client.conversations.open(id).messages()).find(
        ({ outgoing, body }) => !outgoing && body.type === "text" && body.text === text,
      ),
    );
  await alice.client.conversations.open(pair.id).sendText("hello bot");
  expect((await heard(pair.id, "hello bot")).replyTo).toMatchObject({ preview: "hello bot", state: "known" });

  const group = await alice.client.groups.create({ name: "Test", people: [publicId] });
  const inGroup = (summary: ConversationSummary) => summary.kind === "group" && summary.group.people.length === 2;
  await eventually("the bot in the group", async () => inGroup(await group.summary()));
  await group.sendText("not for the bot");
  await group.sendText(`@${pseudonym} in here too`);
  await heard(group.id, "in here too");

  await first.stop();
  await group.sendText(`@${pseudonym} after the restart`);
  const again = await startBot();
  expect(again.link).toBe(first.link);
  await heard(group.id, "after the restart");
  const texts = (await group.messages()).flatMap(({ outgoing, body }) =>
    !outgoing && body.type === "text" ? [body.text] : [],
  );
  expect(texts).toEqual(["in here too", "after the restart"]);
  await again.stop();
  await alice.client.close();
});
