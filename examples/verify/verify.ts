/**
 * Says whether everybody signed exactly this agreement, and when.
 * node verify.ts agreement.json [addresses of two relays or more, of different operators]
 */
import { readFile } from "node:fs/promises";
import { SkrumbleError } from "@skrumble/sdk";
import { type ProofWarning, verifyAgreement } from "@skrumble/sdk/agreements";
import { createChain, fetchNetwork } from "@skrumble/sdk/chain";

const [file, ...given] = process.argv.slice(2);
if (!file) throw new Error("Which file? node verify.ts agreement.json [relay...]");
const relays = given.length > 0 ? given : ["http://localhost:7101", "http://localhost:7102"];

try {
  const network = await fetchNetwork(relays[0] as string);
  const endpoints = relays.map((url) => ({ url: `${url}/rpc`, operator: url }));
  const chain = createChain(network, { endpoints: () => endpoints });
  const { id, text, concludedAt, escrow, warnings } = await verifyAgreement(
    chain,
    JSON.parse(await readFile(file, "utf8")),
  );
  console.log(text);
  for (const warning of warnings) console.log(`Careful: ${saying(warning)}`);
  console.log(
    `Signed by all parties. On chain ${network.chainId} since ${new Date(concludedAt * 1000).toISOString()}.`,
  );
  console.log(`Agreement ${id}${escrow ? `, escrow ${escrow}` : ""}`);
} catch (error) {
  if (!(error instanceof SkrumbleError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}

function saying(warning: ProofWarning): string {
  switch (warning.kind) {
    case "one-operator":
      return "only one operator was asked, and could have said anything. Name a second relay, of somebody else.";
    case "stranger":
      return `the registry does not know ${warning.party.pseudonym} with the wallet ${warning.party.wallet} now.`;
    case "arbiter-is-party":
      return `the arbiter's identity now belongs to ${warning.party.pseudonym}, who is a party.`;
    case "look-alike":
      return `${warning.pseudonym} can be mistaken for ${warning.other}.`;
    default:
      return warning.kind;
  }
}
