import { SkrumbleError } from "../../errors/index.ts";

/** What a relay said of the chain is not what its validators sealed, or cannot be shown to be. */
export const unproven = (details: string): SkrumbleError => new SkrumbleError("CHAIN_UNPROVEN", { details });

/** There is no majority of honest ones to speak of: one of three that lies is enough to split them. */
export const tooFewValidators = (): SkrumbleError => new SkrumbleError("CHAIN_TOO_FEW_VALIDATORS");
