export { openBackup, sealBackup } from "./backup.ts";
export { checkName } from "./checkName.ts";
export { deriveCodeKey, deriveKeys, type IdentityKeys, identityTypedData, saltNameOf } from "./derive.ts";
export { createDevice, type Device } from "./device.ts";
export { deviceRoot, maxDevices, sortDevices } from "./deviceRoot.ts";
export { type JoinContext, type JoinOutcome, joinIdentity } from "./join.ts";
export { formatLink, type LinkTarget, parseLink } from "./link.ts";
export { checkNameForm, isNormalName, type NameProblem, nameBytes, normalizeName } from "./name.ts";
