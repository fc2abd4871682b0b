import type { Contract, Signer } from "ethers";
import { network } from "hardhat";

/** One in-process chain per test file; fixtures roll it back between tests. */
export const { ethers, networkHelpers } = await network.create();
export const { loadFixture, time, mine } = networkHelpers;

export const DAY = 24 * 60 * 60;
export const SKM = 10n ** 18n;
export const CAP = 1_000_000_000n * SKM;

/** Unix seconds of the latest block. */
export const now = async (): Promise<number> => await time.latest();

/** Puts all transactions that `send` sends into one block, in the order sent, and returns their receipts' states. */
export async function inOneBlock(send: () => Promise<{ hash: string }[]>): Promise<("success" | "reverted")[]> {
  await ethers.provider.send("evm_setAutomine", [false]);
  try {
    const sent = await send();
    await mine();
    return await Promise.all(
      sent.map(async ({ hash }) => {
        const receipt = await ethers.provider.getTransactionReceipt(hash);
        if (!receipt) throw new Error(`${hash} was not mined`);
        return receipt.status === 1 ? "success" : "reverted";
      }),
    );
  } finally {
    await ethers.provider.send("evm_setAutomine", [true]);
  }
}

/** The contract, called by `account`. */
export const by = (account: Signer, contract: Contract): Contract => contract.connect(account) as Contract;
