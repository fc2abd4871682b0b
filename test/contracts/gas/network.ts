import { by, time } from "../support/chain.ts";
import { deployNetwork, MINIMUM_STAKE, UNBONDING_DELAY } from "../support/deploy.ts";
import { hash } from "../support/identities.ts";
import { consent, ROLE, registerRelay, relayConfig } from "../support/relays.ts";
import { measureRoles } from "./membership.ts";
import type { Meter } from "./meter.ts";

export async function measureRelays(meter: Meter): Promise<void> {
  const { relays, alice, bob, carol, governor, anchorKey, otherKey } = await deployNetwork();
  const send = (name: string, args: unknown[], which?: string, as = alice) =>
    meter.send("RelayRegistry", by(as, relays), name, args, which);
  const config = relayConfig({ anchorKey: anchorKey.address });
  const long = relayConfig({ roles: ROLE.mailbox, endpoint: `https://${"x".repeat(248)}` });
  await send(
    "register",
    [config, MINIMUM_STAKE, await consent(relays, anchorKey, alice.address)],
    "with an anchor key",
  );
  await send("register", [long, MINIMUM_STAKE, "0x"], "the longest endpoint", bob);
  await send("update", [1n, { ...config, endpoint: "https://moved.example" }, "0x"], "endpoint");
  const moved = { ...config, anchorKey: otherKey.address };
  await send("update", [1n, moved, await consent(relays, otherKey, alice.address)], "anchor key");
  await send("addStake", [1n, MINIMUM_STAKE]);
  for (let i = 0; i < 98; i++) {
    await by(carol, relays).register(relayConfig({ roles: ROLE.mailbox }), i < 8 ? MINIMUM_STAKE : 0n, "0x");
    if (i === 7) await by(governor, relays).setMinimumStake(0n);
  }
  for (const [name, ...args] of [
    ["relay", 1n],
    ["activeRelayCount"],
    ["relayByAnchorKey", otherKey.address],
    ["activeAnchor", otherKey.address],
    ["token"],
    ["minimumStake"],
    ["unbondingDelay"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("RelayRegistry", relays, name, args);
  }
  await meter.read("RelayRegistry", relays, "activeRelays", [0n, 100n], "100 relays");
  await send("setMinimumStake", [MINIMUM_STAKE], undefined, governor);
  await send("requestUnbond", [1n]);
  await time.increase(UNBONDING_DELAY);
  await send("withdraw", [1n, alice.address]);
  await measureRoles(meter, "RelayRegistry", relays, governor);
}

/** Leaves under a root -> gas per leaf of the transaction that anchors them. */
export async function measureAnchors(meter: Meter): Promise<Record<string, number>> {
  const { relays, anchors, alice, anchorKey } = await deployNetwork();
  const id = await registerRelay(relays, alice, anchorKey);
  const writer = by(anchorKey, anchors);
  await meter.send("SessionAnchor", writer, "anchor", [hash("first"), 1], "first of a relay");
  const perSession: Record<string, number> = {};
  for (const leaves of [1, 10, 50, 200]) {
    const gas = await meter.send("SessionAnchor", writer, "anchor", [hash(`${leaves}`), leaves], `${leaves} leaves`);
    perSession[leaves] = Math.ceil(gas / leaves);
  }
  await meter.read("SessionAnchor", anchors, "anchoredAt", [id, hash("10")]);
  await meter.read("SessionAnchor", anchors, "lastAnchorBlock", [id]);
  await meter.read("SessionAnchor", anchors, "relayRegistry");
  return perSession;
}
