/** Of one text, in UTF-8 bytes. */
export const maxText = 32 * 1024;
/** Relays keep a text for so long. */
export const textTtlSeconds = 30 * 86_400;
