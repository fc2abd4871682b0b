/** Of a note, in UTF-16 code units; the SDK takes no more. */
export const maxNote = 140;

/** Asked at once; the SDK takes no more. */
export const maxAsked = 64;
