import type { Chain } from "@skrumble/sdk/chain";

/** Of SKM, always. */
export const skmDecimals = 18;

/** Any token can call itself SKM: its address says which it is. */
export const isSkm = ({ network }: Chain, { token, decimals }: { token: string; decimals: number }): boolean =>
  token.toLowerCase() === network.contracts.skm.toLowerCase() && decimals === skmDecimals;
