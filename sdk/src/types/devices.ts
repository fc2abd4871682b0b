import type { BackupRoom, Identity, WalletSigner } from "./client.ts";
import type { Hex, Millis } from "./primitives.ts";

/** A device of one's own that the registry lists. */
export interface DeviceInfo {
  /** Ed25519 device key, 32 bytes. */
  key: Hex;
  /** As the person named it, on any of their devices; empty until somebody does. */
  name: string;
  /** Whether it is this one. */
  current: boolean;
  /** When it came into the identity, as far as this device was told. */
  since?: Millis;
  /** When this device last heard of it. */
  lastSeen?: Millis;
}

/** "joined": a device this one did not know of is in the registry, or has been let in. "changed": it has a name now. */
export interface DeviceEvent {
  kind: "joined" | "changed" | "revoked";
  device: DeviceInfo;
}

/** Messages that are over, of all that there are. */
export interface LinkProgress {
  done: number;
  total: number;
}

export interface HistoryOptions {
  onProgress?: (progress: LinkProgress) => void;
  signal?: AbortSignal;
}

export interface RestoreOptions extends HistoryOptions {
  /** Takes an older backup than there was, where that is all that relays still have. */
  older?: boolean;
}

/** What a tier gives a backup at relays. */
export interface BackupAllowance extends BackupRoom {
  /** Name of the tier. */
  tier: string;
  /** The lowest tier that gives more; `missing` in the smallest unit of SKM. */
  next?: BackupRoom & { name: string; missing: bigint };
}

/** A backup that lies at relays. */
export interface BackupInfo {
  /** When it was made. */
  at: Millis;
  /** Relays keep it until then, unless it is renewed. */
  expiresAt: Millis;
  /** Relays that have all of it, of those that keep this person's backups. */
  relays: number;
  of: number;
  /** How many messages it has, of all that there were: the oldest are left out where they are too many. */
  messages: LinkProgress;
}

/** A hand-over between two devices of the person, from its first answer on. */
export interface Transfer {
  /** "in": this device gets, "out": it gives. */
  direction: "in" | "out";
  progress(): LinkProgress;
  /** @returns how to stop listening */
  onProgress(listener: (progress: LinkProgress) => void): () => void;
  /** Resolves when the other side has all of it. @throws SkrumbleError as `LinkRequest.done` and `LinkApproval.send` do */
  done: Promise<void>;
  /** Ends it for both; what has come stays. */
  cancel(): Promise<void>;
}

/** What was not on this device before. */
export interface HistoryBrought {
  conversations: number;
  messages: number;
}

/** What the new device shows. */
export interface LinkRequest {
  /** For a QR code or as a link; what matters is behind the #. For the person's own old device and nobody else. */
  text: string;
  /** Six digits that the old device shows too. */
  code: string;
  /** After this nobody can answer any more. */
  expiresAt: Millis;
  /**
   * Resolves when everything has come; the client has the identity, and works, much earlier ("identity" event).
   * @throws SkrumbleError LINK_EXPIRED, LINK_CANCELLED (by either side), LINK_REFUSED (what came is not in order, or is
   * another identity's), TOO_MANY_DEVICES, IDENTITY_REVOKED, CLIENT_CLOSED
   */
  done: Promise<Identity>;
  /** Nothing more is taken; what has come stays. */
  cancel(): Promise<void>;
}

/** What the old device shows before anything leaves it. */
export interface LinkApproval {
  /** To be compared with what the new device shows: somebody else's text has other digits. */
  code: string;
  expiresAt: Millis;
  /** The registry's 64 places are taken: this one goes first, if `send` is told to revoke it. */
  oldest?: DeviceInfo;
  /**
   * Hands identity, contacts, conversations and history over. Resolves when the new device has all of it; goes on after a
   * restart of either by itself.
   * @throws SkrumbleError LINK_EXPIRED, LINK_CANCELLED, LINK_USED, TOO_MANY_DEVICES, DEVICE_NEEDS_WALLET (see `wallet`),
   * CLIENT_CLOSED
   */
  send(options?: {
    revoke?: Hex;
    /** The owner's, where this device does not hold the key that changes the list: it replaces that key. */
    wallet?: WalletSigner;
    onProgress?: (progress: LinkProgress) => void;
    /** Ends the transfer for both. */
    signal?: AbortSignal;
  }): Promise<void>;
}

export interface Devices {
  /** The registry's list, agreed on by two operators; this one first, then by name. */
  list(): Promise<DeviceInfo[]>;
  /** One's other devices are told, encrypted. @throws SkrumbleError INPUT_INVALID, DEVICE_UNKNOWN */
  rename(key: Hex, name: string): Promise<void>;
  /**
   * Takes a device from the registry and out of every conversation; what is sent afterwards it cannot read.
   * @param wallet the owner's, for a device that is lost: every device holds the key that changes the list, and whoever finds
   * one could put it back. With the wallet's signature another key takes that one's place; the remaining devices get it sealed.
   * Needed where this device does not hold the present key.
   *
   * @example
   * await client.devices.revoke(oldLaptop.key); // sold
   * await client.devices.revoke(phone.key, wallet); // stolen
   *
   * @throws SkrumbleError DEVICE_UNKNOWN, DEVICE_IS_THIS (use `leave`), DEVICE_NEEDS_WALLET, WALLET_CHANGED_ACCOUNT,
   * WALLET_REFUSED, WALLET_FAILED, WALLET_WRONG_CHAIN, CHAIN_REJECTED, CHAIN_STALLED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  revoke(key: Hex, wallet?: WalletSigner): Promise<void>;
  /**
   * On the new device: asks for the identity, or, once joined by wallet and code, for conversations and history.
   * A request of before a restart goes on.
   *
   * @example
   * const request = await client.devices.link({ name: "Phone" });
   * showQrCode(request.text, request.code);
   * await request.done;
   *
   * @throws SkrumbleError INPUT_INVALID, CLIENT_CLOSED
   */
  link(options?: { name?: string; onProgress?: (progress: LinkProgress) => void }): Promise<LinkRequest>;
  /**
   * On the old device: reads the new one's text. Nothing leaves before `send`.
   *
   * @example
   * const approval = await client.devices.approve(scanned);
   * if (await ask(`Does the new device show ${approval.code}?`)) await approval.send();
   *
   * @throws SkrumbleError LINK_INVALID, LINK_EXPIRED, LINK_USED, NOT_JOINED
   */
  approve(text: string): Promise<LinkApproval>;
  /** Under way on this device, those of before a restart among them; the "transfer" event tells of further ones. */
  transfers(): Transfer[];
}
