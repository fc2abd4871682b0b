import {
  type Capabilities,
  ciphersuites,
  defaultCredentialTypes,
  type GroupContextExtension,
  makeCustomExtension,
  protocolVersions,
} from "ts-mls";
import { SkrumbleError } from "../../errors/index.ts";

/** Private-use type (RFC 9420 section 17.3) of the GroupContext extension that holds what the group agreed on. */
export const groupStateType = 0xf0a1;

/** Bytes; with 300 leaves a welcome still fits one envelope. */
const maxGroupState = 48 * 1024;

/** What every leaf of this network can do, and no more: a leaf is in every welcome. */
export const capabilities: Capabilities = {
  versions: [protocolVersions.mls10],
  ciphersuites: [ciphersuites.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519],
  extensions: [groupStateType],
  proposals: [],
  credentials: [defaultCredentialTypes.basic],
};

/** @throws SkrumbleError MLS_FAILED when the state is too long */
export function groupStateExtensions(state: Uint8Array): GroupContextExtension[] {
  if (state.length > maxGroupState) throw new SkrumbleError("MLS_FAILED", { details: "The group state is too long." });
  return [makeCustomExtension({ extensionType: groupStateType, extensionData: state })];
}

/** Undefined when these are not exactly the extensions a group of this network has. */
export function stateOfExtensions(extensions: GroupContextExtension[]): Uint8Array | undefined {
  const [only] = extensions;
  if (extensions.length !== 1 || only?.extensionType !== groupStateType) return undefined;
  const data = only.extensionData as Uint8Array;
  return data.length <= maxGroupState ? data : undefined;
}
