/**
 * Says whether everybody signed exactly this agreement, and when.
 * node verify.ts agreement.json [addresses of two relays or more, of different operators]
 */
import { readFile } from "node:fs/promises";
import { SkrumbleError } from "@skrumble/sdk";
import { verifyAgreement } from "@skrumble/sdk/agreements";
import { createChain, fetchNetwork } from "@skrumble/sdk/chain";

const [file, ...given] = process.argv.slice(2);
if (!file) throw new Error("Which file? node verify.ts agreement.json [relay...]");
const relays = given.length > 0 ? given : ["http://localhost:7101", "http://localhost:7102"];

try {
  const network = await fetchNetwork(relays[0] as string);
  const endpoints = relays.map((url) => ({ url: `${url}/rpc`, operator: url }));
  const chain = createChain(network, { endpoints: () => endpoints });
  const { id, text, concludedAt, escrow, strangers } = await verifyAgreement(
    chain,
    JSON.parse(await readFile(file, "utf8")),
  );
  console.log(text);
  for (const { pseudonym, wallet } of strangers) {
    console.log(`Careful: the registry does not know ${pseudonym} with the wallet ${wallet} now.`);
  }
  console.log(
    `Signed by all parties. On chain ${network.chainId} since ${new Date(concludedAt * 1000).toISOString()}.`,
  );
  console.log(`Agreement ${id}${escrow ? `, escrow ${escrow}` : ""}`);
} catch (error) {
  if (!(error instanceof SkrumbleError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
