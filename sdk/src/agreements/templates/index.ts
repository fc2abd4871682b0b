import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementTemplate } from "../../types/agreements.ts";
import { freelance } from "./freelance.ts";
import { instalments } from "./instalments.ts";
import { plain } from "./plain.ts";
import { remoteWork } from "./remoteWork.ts";
import { service } from "./service.ts";

/** Every released version, the present ones of each first. */
export const agreementTemplates: readonly AgreementTemplate[] = [service, remoteWork, freelance, plain, instalments];

/** @throws SkrumbleError AGREEMENT_TEMPLATE_UNKNOWN */
export function templateOf({ template, version }: { template: string; version: number }): AgreementTemplate {
  const found = agreementTemplates.find((one) => one.id === template && one.version === version);
  if (!found) throw new SkrumbleError("AGREEMENT_TEMPLATE_UNKNOWN");
  return found;
}
