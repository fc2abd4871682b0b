import {
  type Address,
  BaseError,
  ContractFunctionExecutionError,
  ContractFunctionZeroDataError,
  HttpRequestError,
  numberToHex,
  type PublicClient,
} from "viem";
import { expect, it } from "vitest";
import { isGovernedBy } from "../../scripts/deploy/isGovernedBy.ts";

const [SUCCESSOR, TIMELOCK, DEPLOYER] = [1, 2, 3].map((number) => numberToHex(number, { size: 20 })) as [
  Address,
  Address,
  Address,
];

const clientOf = (holders: readonly Address[] | BaseError): Pick<PublicClient, "readContract"> => ({
  readContract: (async ({ args }: { args: [string, Address] }) => {
    if (holders instanceof BaseError)
      throw new ContractFunctionExecutionError(holders, { abi: [], functionName: "hasRole" });
    return holders.includes(args[1]);
  }) as unknown as PublicClient["readContract"],
});
const governed = (holders: readonly Address[] | BaseError) =>
  isGovernedBy(clientOf(holders), SUCCESSOR, TIMELOCK, DEPLOYER);

it("knows a contract that the timelock governs, and the deployer does not", async () => {
  expect(await governed([TIMELOCK])).toBe(true);
  expect(await governed([])).toBe(false);
  expect(await governed([DEPLOYER])).toBe(false);
  expect(await governed([TIMELOCK, DEPLOYER])).toBe(false);
});

it("knows an account without code, and does not take silence for one", async () => {
  expect(await governed(new ContractFunctionZeroDataError({ functionName: "hasRole" }))).toBe(false);
  await expect(governed(new HttpRequestError({ url: "http://localhost:1" }))).rejects.toThrow();
});
