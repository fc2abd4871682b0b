import type { Contract, Signer } from "ethers";
import { by, DAY, ethers, mine, now, SKM } from "./chain.ts";
import { deployIdentities, deployToken, GENESIS } from "./deploy.ts";
import { controllerOf, hash, register } from "./identities.ts";
import { type Domain, domainOf, sign } from "./typedData.ts";

export const PACKET_KEY = new ethers.Wallet(hash("packet key"));
export const REVEAL_WINDOW = 200;

export interface Person {
  id: bigint;
  name: string;
  /** Owner's wallet. */
  address: string;
  controller: Signer;
}

/** The registry, SKM, the packets, a creator with money and five people with identities. */
export async function deployPackets() {
  const world = await deployWithoutPeople();
  return { ...world, people: await enrol(world.registry, 5) };
}

export async function deployWithoutPeople() {
  const { registry, alice: creator, bob: stranger } = await deployIdentities();
  const { skm } = await deployToken();
  const packets = await ethers.deployContract("RedPackets", [registry]);
  await skm.emitFrom(GENESIS, creator.address, 1_000_000n * SKM);
  await by(creator, skm).approve(packets, ethers.MaxUint256);
  return { registry, skm, packets, creator, stranger };
}

/** Gives `count` new people an identity each. */
export async function enrol(registry: Contract, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let i = 0; i < count; i++) {
    const name = `person-${i}`;
    const wallet = new ethers.Wallet(hash(`wallet of ${name}`));
    const id = await register(registry, wallet, name);
    people.push({ id, name, address: wallet.address, controller: controllerOf(name) });
  }
  return people;
}

/** link(0) to link(shares), link(0) being the head. */
export function hashChain(shares: number, seed = "chain"): string[] {
  const links = [hash(seed)];
  for (let i = 0; i < shares; i++) links.unshift(ethers.keccak256(links[0]));
  return links;
}

export const termsOf = async (over: Record<string, unknown> = {}) => ({
  token: ethers.ZeroAddress,
  amount: 1_000n,
  shares: 5,
  expiresAt: (await now()) + DAY,
  key: PACKET_KEY.address,
  chainHead: ethers.ZeroHash,
  ...over,
});

/** Makes a packet and returns its number. */
export async function create(packets: Contract, creator: Signer, over: Record<string, unknown> = {}): Promise<bigint> {
  const terms = await termsOf(over);
  const value = terms.token === ethers.ZeroAddress ? terms.amount : 0n;
  await by(creator, packets).create(terms, { value });
  return packets.packetCount();
}

export interface ClaimOptions {
  key?: Signer;
  controller?: Signer;
  recipient?: string;
  /** Signed for this packet instead. */
  signedFor?: bigint;
  domain?: Partial<Domain>;
}

/** Arguments of `claim`, signed. */
export async function claimOf(packets: Contract, packetId: bigint, person: Person, options: ClaimOptions = {}) {
  const domain = { ...(await domainOf(packets, "Skrumble RedPackets")), ...options.domain };
  const message = {
    packetId: options.signedFor ?? packetId,
    identityId: person.id,
    recipient: options.recipient ?? person.address,
  };
  const compact = async (signer: Signer) => {
    const { r, yParityAndS: vs } = ethers.Signature.from(await sign(signer, domain, "Claim", message));
    return { r, vs };
  };
  const signatures = [await compact(options.key ?? PACKET_KEY), await compact(options.controller ?? person.controller)];
  return [packetId, person.id, ...signatures] as const;
}

export async function claim(packets: Contract, packetId: bigint, person: Person, options: ClaimOptions = {}) {
  return packets.claim(...(await claimOf(packets, packetId, person, options)));
}

/** Lets everybody claim, in order, and waits until all tickets can be drawn. */
export async function claimAll(packets: Contract, packetId: bigint, people: readonly Person[]): Promise<void> {
  for (const person of people) await claim(packets, packetId, person);
  await mine(1);
}

export const idsOf = (people: readonly Person[]): bigint[] => people.map(({ id }) => id);

/** What PacketPaid said in the receipt of a transaction, by identity. */
export async function paidIn(packets: Contract, sent: Promise<{ hash: string }>): Promise<Map<bigint, bigint>> {
  const receipt = await ethers.provider.getTransactionReceipt((await sent).hash);
  const entries = (receipt?.logs ?? [])
    .filter(({ address }) => address === packets.target)
    .map((log) => packets.interface.parseLog(log))
    .flatMap((event) => (event?.name === "PacketPaid" ? [event.args] : []))
    .flatMap(({ identityIds, amounts }) =>
      identityIds.map((id: bigint, i: number): [bigint, bigint] => [id, amounts[i]]),
    );
  return new Map(entries);
}
