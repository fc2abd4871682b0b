import { expect, type Page } from "@playwright/test";
import { createPublicClient, createWalletClient, erc20Abi, type Hex, http, parseEther } from "viem";
import { localDeployer } from "../../../scripts/deploy/local.ts";
import type { E2eNetwork } from "./network.ts";
import type { Person } from "./people.ts";

/** SKM for somebody, out of what the local deployer owns. Resolves when it is theirs. @param amount in whole SKM */
export async function giveSkm(network: E2eNetwork, to: Hex, amount: string): Promise<void> {
  const { chainId, rpcUrl } = network.chain;
  const transport = http(rpcUrl);
  const chain = {
    id: chainId,
    name: "test",
    nativeCurrency: { name: "-", symbol: "-", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  };
  const giver = createWalletClient({ account: localDeployer(network.stateDir), chain, transport });
  const hash = await giver.writeContract({
    address: network.deployment.contracts.skm,
    abi: erc20Abi,
    functionName: "transfer",
    args: [to, parseEther(amount)],
    // Gas costs nothing.
    ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 200_000n },
  });
  const reader = createPublicClient({ chain, transport, pollingInterval: 200 });
  const { status } = await reader.waitForTransactionReceipt({ hash });
  expect(status).toBe("success");
}

/** The wallet that owns somebody's identity, wherever it is. */
export async function walletOf({ page, wallet }: Person): Promise<Hex> {
  if (wallet) return wallet.address;
  const back = page.url();
  await page.goto("/me/");
  const shown = page.getByRole("region", { name: "Wallet" }).locator("[title^='0x']");
  const address = await shown.getAttribute("title");
  await page.goto(back);
  return address as Hex;
}

type Attachment = "Send money" | "Ask for money" | "Red packet" | "Agreement";

/** Opens one of the sheets behind the plus of the composer. */
export async function attach(page: Page, what: Attachment): Promise<void> {
  await page.getByRole("button", { name: "More to send" }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

/** The last button before the signature, of a wallet in the browser or of one that was made here. */
export async function confirm({ page, wallet }: Person, action: string): Promise<void> {
  const name = wallet ? `Confirm with ${wallet.name}` : action;
  await page.getByRole("dialog").getByRole("button", { name }).click();
}
