import { parseArgs } from "node:util";
import { Refusal, say } from "../../lib/say.ts";
import { CHAIN_OPTIONS, chainOf } from "../chainOf.ts";
import { ROLE, registerRelay } from "../registry/register.ts";
import { relayKeys } from "../relayKeys.ts";

const USAGE =
  "npm run relay -- register --dir DIR --deployment FILE --rpc-url URL --endpoint URL --region NAME [--roles mailbox,anchor,turn]";

/** `register`: pays the stake and enters the relay into the registry, or brings its entry up to date. Safe to repeat. */
export async function register(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...CHAIN_OPTIONS,
      endpoint: { type: "string" },
      region: { type: "string" },
      roles: { type: "string", default: "mailbox,anchor" },
    },
  });
  const { endpoint = "", region = "" } = values;
  const chain = chainOf(values, USAGE);
  expectEndpoint(endpoint);
  if (!/^[\x21-\x7e]{1,32}$/.test(region)) throw new Refusal("--region is a short name, such as eu or us-east.");
  const names = values.roles.split(",");
  const unknown = names.find((name) => !Object.hasOwn(ROLE, name));
  if (unknown !== undefined) throw new Refusal(`--roles takes ${Object.keys(ROLE).join(", ")}, not "${unknown}".`);
  const roles = names.reduce((sum, name) => sum | ROLE[name as keyof typeof ROLE], 0);
  const { folder, rpcUrl, deployment } = chain;
  const id = await registerRelay({ rpcUrl, deployment, keys: relayKeys(folder), roles, region, endpoint });
  say.step(`The relay is number ${id} in the registry, at ${endpoint}.`);
  return 0;
}

/** Browsers on an https page connect to https only; the bare address serves trials on one machine. */
function expectEndpoint(endpoint: string): void {
  const url = URL.parse(endpoint);
  const onLoopback = url !== null && ["localhost", "127.0.0.1"].includes(url.hostname);
  const bare =
    url !== null && url.pathname === "/" && !endpoint.endsWith("/") && url.search === "" && url.username === "";
  if (!bare || !(url.protocol === "https:" || (url.protocol === "http:" && onLoopback))) {
    throw new Refusal(
      "--endpoint is the relay's public address, such as https://relay.example.org, with nothing after it.",
    );
  }
}
