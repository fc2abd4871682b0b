import type { Contract, Signer } from "ethers";
import { DAY, ethers, now } from "./chain.ts";
import { type Domain, domainOf, sign, type TypeName } from "./typedData.ts";

const { keccak256, toUtf8Bytes, AbiCoder, concat, ZeroHash } = ethers;

export const hash = (text: string): string => keccak256(toUtf8Bytes(text));

/** `count` device keys, in the order the registry wants. */
export const deviceKeys = (count: number, seed = "device"): string[] =>
  Array.from({ length: count }, (_, i) => hash(`${seed} ${i}`)).sort();

/** The device root as IIdentityRegistry documents it, computed apart from the contract. */
export function deviceRoot(keys: readonly string[]): string {
  if (keys.length === 0) return ZeroHash;
  let level = keys.map((key) => keccak256(concat(["0x00", key])));
  while (level.length > 1) {
    const next: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const pair = level.slice(i, i + 2).sort();
      next.push(pair.length === 2 ? keccak256(concat(pair)) : pair[0]);
    }
    level = next;
  }
  return level[0];
}

export const commitmentOf = (name: string, owner: string, publicId: string, secret: string): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "address", "bytes32", "bytes32"],
      [hash(name), owner, publicId, secret],
    ),
  );

/** Deterministic keys for a person; `version` gives another set. */
export function keysOf(person: string, version = 1) {
  return {
    publicId: hash(`${person} public ${version}`),
    agreementKey: hash(`${person} agreement ${version}`),
    controller: controllerOf(person, version).address,
  };
}

export const controllerOf = (person: string, version = 1) =>
  new ethers.Wallet(hash(`${person} controller ${version}`), ethers.provider);

export const later = async (): Promise<bigint> => BigInt((await now()) + DAY);

export interface Prepared {
  registration: {
    owner: string;
    name: string;
    publicId: string;
    agreementKey: string;
    controller: string;
    deviceRoot: string;
    deadline: bigint;
  };
  secret: string;
  devices: string[];
  signature: string;
  commitment: string;
}

/** Everything for a registration, signed, not yet committed. `owner` when it is not the signer (contract wallets). */
export async function prepare(
  registry: Contract,
  signer: Signer,
  name: string,
  over: Partial<Prepared["registration"]> & { devices?: string[]; domain?: Partial<Domain> } = {},
): Promise<Prepared> {
  const { devices = deviceKeys(2, name), domain, ...fields } = over;
  const registration = {
    owner: await signer.getAddress(),
    name,
    ...keysOf(name),
    deviceRoot: deviceRoot(devices),
    deadline: await later(),
    ...fields,
  };
  const secret = hash(`${name} secret`);
  return {
    registration,
    secret,
    devices,
    signature: await sign(signer, { ...(await identityDomain(registry)), ...domain }, "Registration", registration),
    commitment: commitmentOf(name, registration.owner, registration.publicId, secret),
  };
}

export const identityDomain = (registry: Contract): Promise<Domain> => domainOf(registry, "Skrumble IdentityRegistry");

export const submit = (registry: Contract, { registration, secret, devices, signature }: Prepared) =>
  registry.registerFor(registration, secret, devices, signature);

/** Commits, waits a block, reveals; returns the identity's number. */
export async function register(registry: Contract, signer: Signer, name: string, over = {}): Promise<bigint> {
  const prepared = await prepare(registry, signer, name, over);
  await registry.commit(prepared.commitment);
  await submit(registry, prepared);
  return registry.idByOwner(prepared.registration.owner);
}

/** Signs one of the types that carry identity, nonce and deadline. */
export async function authorise(
  registry: Contract,
  signer: Signer,
  type: TypeName,
  identityId: bigint,
  fields: Record<string, unknown> = {},
) {
  const kind = type === "SetDevices" ? "deviceNonce" : /^(Start|Accept)/.test(type) ? "recoveryNonce" : "ownerNonce";
  const message = { identityId, nonce: await registry[kind](identityId), deadline: await later(), ...fields };
  return {
    deadline: message.deadline as bigint,
    signature: await sign(signer, await identityDomain(registry), type, message),
  };
}
