import { by, ethers } from "../support/chain.ts";
import { byController, byWallet, deployFees, FEATURE, PRICE } from "../support/fees.ts";
import { measureRoles } from "./membership.ts";
import type { Meter } from "./meter.ts";

export async function measureFees(meter: Meter): Promise<void> {
  const { skm, fees, alice, bob, governor, fee } = await deployFees();
  const send = (name: string, args: readonly unknown[], which?: string, as = alice) =>
    meter.send("UsageFees", by(as, fees), name, args, which);
  const another = (salt: string, credit = 0n) => ({ ...fee, credit, salt: ethers.id(salt) });
  await send("pay", await byWallet(skm, fees, alice, fee), "SKM, the first to a provider");
  await send("pay", await byWallet(skm, fees, alice, another("later")), "SKM");
  await send("pay", await byWallet(skm, fees, alice, another("both", PRICE)), "credit and SKM");
  await send("payFromCredit", await byController(fees, another("free", 3n * PRICE)));
  await send("setPrice", [FEATURE, PRICE - 1n], undefined, governor);
  await send("pay", await byWallet(skm, fees, alice, another("less")), "SKM, some of it back");
  for (const [name, ...args] of [
    ["priceOf", FEATURE],
    ["receiptOf", fee],
    ["isPaid", fee],
    ["receipts", alice.address, fee.salt],
    ["claimable", bob.address],
    ["MAX_PRICE"],
    ["skm"],
    ["membership"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("UsageFees", fees, name, args);
  }
  await send("withdraw", [bob.address], undefined, bob);
  await measureRoles(meter, "UsageFees", fees, governor);
}
