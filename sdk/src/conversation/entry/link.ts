import { concat, fromHex, toHexString, utf8 } from "../../crypto/bytes.ts";
import { hmacSha256 } from "../../crypto/hash.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import type { GroupState } from "../group/state.ts";
import type { KnockBody } from "../handshake.ts";

/** HMAC-SHA-256 of who knocks under the link's secret, hex: whoever sees the knock cannot use it for somebody else. */
export const linkProof = (secret: string, conversationId: ConversationId, from: PublicId, nonce: string): string =>
  toHexString(
    hmacSha256(
      fromHex(secret),
      concat(utf8("skrumble join v1"), fromHex(conversationId), fromHex(from), fromHex(nonce)),
    ),
  );

export const provesLink = ({ invite }: GroupState, { from, nonce, proof, conversationId }: KnockBody): boolean =>
  invite !== undefined && proof !== undefined && linkProof(invite, conversationId, from, nonce) === proof;
