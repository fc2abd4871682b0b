import type { Contract, ContractTransactionResponse } from "ethers";

/** What a transaction may ask for under Osaka rules (EIP-7825). */
export const TRANSACTION_GAS_CAP = 16_777_216n;

/** Gas by "Contract.function" or "Contract.function: case". */
export type Readings = Record<string, number>;

export interface Meter {
  readings: Readings;
  /** Sends a transaction and notes the gas it used. */
  send(contract: string, on: Contract, name: string, args: readonly unknown[], which?: string): Promise<number>;
  /** Notes what a read would use as a transaction, the 21,000 of any transaction included. */
  read(contract: string, on: Contract, name: string, args?: readonly unknown[], which?: string): Promise<void>;
}

export function createMeter(): Meter {
  const readings: Readings = {};
  const note = (contract: string, name: string, which: string | undefined, gas: bigint): number => {
    // Of an overloaded function the name alone: which one it was is told by the case.
    const key = `${contract}.${name.replace(/\(.*/, "")}${which ? `: ${which}` : ""}`;
    if (key in readings) throw new Error(`${key} is measured twice`);
    if (gas >= TRANSACTION_GAS_CAP) throw new Error(`${key} uses ${gas} gas, above the cap of a transaction`);
    readings[key] = Number(gas);
    return Number(gas);
  };
  return {
    readings,
    async send(contract, on, name, args, which) {
      const sent: ContractTransactionResponse = await on[name](...args);
      const receipt = await sent.wait();
      if (receipt?.status !== 1) throw new Error(`${contract}.${name} reverted`);
      return note(contract, name, which, receipt.gasUsed);
    },
    async read(contract, on, name, args = [], which) {
      note(contract, name, which, await on[name].estimateGas(...args));
    },
  };
}
