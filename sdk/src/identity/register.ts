import { privateKeyToAddress } from "viem/accounts";
import { commitName } from "../chain/actions/commitName.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { type Registration, registerIdentity, registrationTypedData } from "../chain/actions/registerIdentity.ts";
import { equalBytes, randomBytes, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { JoinInput } from "../types/client.ts";
import { awaitOwn } from "./awaitOwn.ts";
import { sealBackup } from "./backup.ts";
import { deriveCodeKey, deriveKeys, type IdentityKeys, identityTypedData, saltNameOf } from "./derive.ts";
import { createDevice } from "./device.ts";
import { deviceRoot } from "./deviceRoot.ts";
import type { JoinContext, JoinOutcome } from "./join.ts";
import { openKept } from "./keptBackups.ts";
import { ensureChain, signChecked } from "./wallet.ts";

const firstKeyVersion = 1;

/** Makes a new identity. The wallet signs twice to find out whether it can repeat a signature, and once to register. */
export async function register(context: JoinContext, input: JoinInput, name: string): Promise<JoinOutcome> {
  const { chain, signal, onProgress } = context;
  const { wallet } = input;
  const { keys, backup } = await derive(context, input, name);
  const device = createDevice(keys, firstKeyVersion, context.now());
  const devices = [device.key.public];
  const registration: Registration = {
    owner: wallet.address,
    name,
    publicId: keys.publicId,
    agreementKey: toHex(keys.agreement.public),
    controller: privateKeyToAddress(keys.controller),
    deviceRoot: toHex(deviceRoot(devices)),
    deadline: await readDeadline(chain, context.now(), signal),
  };

  onProgress("commit-name");
  const secret = toHex(randomBytes(32));
  await ensureChain(chain, wallet, signal);
  // The person reads the wallet's question while the commitment gets into a block.
  const committed = commitName(chain, { name, owner: wallet.address, publicId: keys.publicId, secret }, { signal });
  committed.catch(() => undefined);
  onProgress("sign-registration");
  const signature = await signChecked(chain, wallet, registrationTypedData(chain, registration), signal);
  // What is still to wait for is the chain's: nobody looks for another question of the wallet.
  onProgress("register");
  await committed;
  const reveal = { registration, secret, devices: devices.map(toHex), signature: toHex(signature.bytes) };
  try {
    await registerIdentity(chain, reveal, { signal });
  } catch (error) {
    // A chain that came back from an older snapshot has forgotten the commitment.
    if (!(error instanceof SkrumbleError && error.details === "IdentityNoCommitment")) throw error;
    await commitName(chain, { name, owner: wallet.address, publicId: keys.publicId, secret }, { signal });
    await registerIdentity(chain, reveal, { signal });
  }
  const record = await awaitOwn(context, { name, publicId: keys.publicId, owner: wallet.address });
  const outcome = { keys, device, record };
  return backup ? { kind: "registered-with-backup", ...outcome, backup } : { kind: "registered", ...outcome };
}

async function derive(
  context: JoinContext,
  { wallet, securityCode }: JoinInput,
  name: string,
): Promise<{ keys: IdentityKeys; backup?: Uint8Array }> {
  const { chain, signal, onProgress } = context;
  const saltName = saltNameOf(name);
  const typedData = identityTypedData(wallet.address, firstKeyVersion);
  // While the person looks at the wallet.
  const stretching = deriveCodeKey({ securityCode, saltName, wallet: wallet.address }, context.argon2);
  stretching.catch(() => undefined);
  onProgress("sign-identity");
  const first = await signChecked(chain, wallet, typedData, signal);
  onProgress("sign-identity-again");
  const second = first.fromContract ? first : await signChecked(chain, wallet, typedData, signal);
  onProgress("derive");
  const codeKey = await stretching;
  if (!first.fromContract && equalBytes(first.bytes, second.bytes)) {
    return { keys: deriveKeys(codeKey, first.bytes, firstKeyVersion) };
  }
  const sealing = { codeKey, wallet: wallet.address, saltName };
  const [earlier] = await openKept(context.backups, sealing);
  const root = earlier?.root ?? randomBytes(32);
  const backup = earlier?.backup ?? (await sealBackup(root, sealing));
  // Before the chain hears of it: should this program end now, the identity can still be opened.
  if (!earlier) await context.backups.keep(wallet.address, saltName, backup);
  return { keys: deriveKeys(codeKey, root, firstKeyVersion), backup };
}
