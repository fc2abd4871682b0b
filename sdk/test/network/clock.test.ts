import { expect, test } from "vitest";
import { connect, eventually, joinPerson } from "../../../test/support/network.ts";
import { closeAll, textsOf, useNetwork } from "../support/network.ts";

const network = useNetwork();
const day = 86_400_000;

test.each([
  ["behind", -day],
  ["ahead", day],
])("somebody whose clock is a day %s joins, is found and talks", async (_, off) => {
  const alice = await joinPerson(network, "alice", { now: () => Date.now() + off });
  const bob = await joinPerson(network, "bob");
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await oneEnd.sendText("by a wrong clock");
  await otherEnd.sendText("by a right one");
  for (const end of [oneEnd, otherEnd]) {
    await eventually("both texts", async () => (await textsOf(end)).length === 2);
  }
  const [mine] = await otherEnd.messages({ limit: 2 });
  expect(mine?.at ?? 0).toBeLessThan(Date.now() + 120_000);
  await alice.client.devices.rename(alice.client.identity?.deviceKey as `0x${string}`, "Old clock");
  expect(await alice.client.devices.list()).toMatchObject([{ name: "Old clock" }]);
  await closeAll(alice, bob);
});
