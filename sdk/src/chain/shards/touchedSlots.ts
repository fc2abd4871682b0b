import { type Hex, keccak256, numberToHex, pad } from "viem";
import { registrySlots as at, entryWords } from "../verified/registrySlots.ts";
import { mappingSlot, slotAfter } from "../verified/slots.ts";

/** An event of the identity registry, decoded: name and arguments. */
export interface RegistryEvent {
  eventName: string;
  args: object;
}

/** What an event says may have changed in the registry's storage. */
export interface Touched {
  slots: readonly Hex[];
  /** Slot of a commitment that was made. */
  committed?: Hex;
  /** Somebody revealed: one of the commitments that live is gone, and the event does not say which. */
  spent: boolean;
}

/** A name has at most 64 bytes, and stands in two words of its own from 32 bytes on. */
const longNameWords = 2;

/**
 * Every slot of the identity registry that the transaction behind an event can have written, the one of a spent commitment aside. Each
 * function of the registry that writes also tells, with the identity's number; so events name all slots that are not 0.
 * @see contracts/identity/IdentityStore.sol, IdentityNames.sol, IdentityRecovery.sol
 */
export function touchedSlots(event: RegistryEvent): Touched {
  const { eventName } = event;
  const args = event.args as Record<string, unknown>;
  if (eventName === "Committed") {
    const committed = mappingSlot(args.commitment as Hex, at.commitments);
    return { slots: [committed], committed, spent: false };
  }
  // Of what OpenZeppelin's EIP712 could tell, which is nothing in storage.
  if (typeof args.identityId !== "bigint") return { slots: [], spent: false };
  const slots = slotsOfIdentity(args.identityId);
  if (eventName === "Registered") slots.push(numberToHex(at.identityCount, { size: 32 }));
  for (const owner of [args.owner, args.from, args.to] as (Hex | undefined)[])
    if (owner) slots.push(mappingSlot(pad(owner), at.ids));
  for (const name of [args.nameHash, args.oldNameHash, args.newNameHash] as (Hex | undefined)[])
    if (name) slots.push(mappingSlot(name, at.names));
  if (args.publicId) slots.push(mappingSlot(args.publicId as Hex, at.publicIds));
  return { slots, spent: ["Registered", "Renamed", "KeysChanged"].includes(eventName) };
}

function slotsOfIdentity(id: bigint): Hex[] {
  const key = numberToHex(id, { size: 32 });
  const entry = mappingSlot(key, at.identities);
  const recovery = mappingSlot(key, at.recoveries);
  const longName = keccak256(slotAfter(entry, entryWords - 1));
  return [
    ...[at.ownerNonces, at.deviceNonces, at.recoveryNonces].map((mapping) => mappingSlot(key, mapping)),
    ...Array.from({ length: entryWords }, (_, by) => slotAfter(entry, by)),
    ...Array.from({ length: longNameWords }, (_, by) => slotAfter(longName, by)),
    ...[recovery, slotAfter(recovery, 1)],
  ];
}
