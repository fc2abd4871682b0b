/** What the SDK takes; a test compares. */
export const maxGroupName = 64;
export const maxDescription = 512;
/** Bytes of the encoded picture. */
export const maxPicture = 24 * 1024;
/** People, oneself included. */
export const maxPeople = 150;
