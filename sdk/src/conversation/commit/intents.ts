import { SkrumbleError } from "../../errors/index.ts";
import type { Vault, VaultOp } from "../../store/index.ts";
import type { Role } from "../../types/group.ts";
import type { ConversationId, Hex, Millis, PublicId } from "../../types/primitives.ts";
import type { Leave } from "../group/leaveStatement.ts";
import type { GroupState } from "../group/state.ts";

/**
 * What this device wants of a group. It stays on disk until the group is that way, whoever's commit made it so: a commit
 * that loses against another is made again from what is left.
 */
export type Intent = { number: number } & (
  | {
      kind: "add";
      publicId: PublicId;
      /** One-time key package of the device, base64url. */
      keyPackage: string;
      device: Hex;
      /** Nonce of the request that this answers. */
      nonce: string;
      /** For somebody who does not belong yet. */
      role?: Role;
    }
  | { kind: "remove people"; people: PublicId[] }
  | { kind: "remove devices"; devices: Hex[] }
  | { kind: "leave"; leave: Leave }
  | { kind: "role"; publicId: PublicId; role: Role }
  | { kind: "settings"; patch: SettingsPatch }
  /** Once everybody knows, history goes to somebody who came later. */
  | { kind: "share"; id: string; to: PublicId; since?: Millis }
  /** Fresh keys, so that a copied state is of no use any more (RFC 9420, 16.6). */
  | { kind: "renew keys" }
);

export type SettingsPatch = { [K in keyof Settings]?: Settings[K] | null };
type Settings = Required<Omit<GroupState, "v" | "kind" | "people" | "shared">>;
export type NewIntent = Intent extends infer I ? (I extends { number: number } ? Omit<I, "number"> : never) : never;

export interface Intents {
  of(id: ConversationId): Intent[];
  /** Conversations where something is wanted. */
  conversations(): ConversationId[];
  /** @throws SkrumbleError GROUP_BUSY, STORE_FAILED */
  add(id: ConversationId, intents: NewIntent[], also?: VaultOp[]): Promise<void>;
  /** What was wanted before, or once for a conversation; to be written with something else. Call `written` afterwards. */
  prepareAdd(id: ConversationId, intents: readonly NewIntent[]): { ops: VaultOp[]; written(): void };
  /** To be written with what fulfils them; call `written` afterwards. */
  prepareRemoval(id: ConversationId, done: readonly number[]): { ops: VaultOp[]; written(): void };
}

const collection = "intent";
/** Of one conversation; a person who wants more has to wait. */
export const maxIntents = 512;

interface Row {
  id: ConversationId;
  intent: Intent;
}

export async function openIntents(vault: Vault): Promise<Intents> {
  const rows = await vault.range<Row>(collection);
  const all = new Map(rows.map(({ value }) => [value.intent.number, value]));
  let next = Math.max(0, ...all.keys()) + 1;
  const of = (id: ConversationId) => [...all.values()].filter((row) => row.id === id).map(({ intent }) => intent);
  const prepareAdd: Intents["prepareAdd"] = (id, intents) => {
    const added = intents.map((intent): Row => ({ id, intent: { ...intent, number: next++ } as Intent }));
    return {
      ops: added.map((value) => ({ collection, key: value.intent.number, value })),
      written() {
        for (const row of added) all.set(row.intent.number, row);
      },
    };
  };
  return {
    of,
    prepareAdd,
    conversations: () => [...new Set([...all.values()].map(({ id }) => id))],
    async add(id, intents, also = []) {
      if (of(id).length + intents.length > maxIntents) throw new SkrumbleError("GROUP_BUSY");
      const { ops, written } = prepareAdd(id, intents);
      await vault.write([...ops, ...also]);
      written();
    },
    prepareRemoval: (id, done) => {
      const numbers = done.filter((number) => all.get(number)?.id === id);
      return {
        ops: numbers.map((key) => ({ collection, key, delete: true as const })),
        written() {
          for (const number of numbers) all.delete(number);
        },
      };
    },
  };
}
