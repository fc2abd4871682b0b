/** Who has to act: the person typed something, the wallet, the network, this device, the other person, a bug. */
export type ErrorCategory = "input" | "wallet" | "network" | "device" | "peer" | "internal";

interface Entry {
  category: ErrorCategory;
  /** For developers; the dApp has its own sentences per code. */
  message: string;
  help: string;
}

const entry = (category: ErrorCategory, message: string, help: string): Entry => ({ category, message, help });

/** One line per code, sorted. A code is never renamed once released. */
// biome-ignore format: one code per line keeps the table readable and merges small
export const errorCodes = {
  ABORTED: entry("input", "The operation was cancelled.", "Start it again."),
  ALREADY_JOINED: entry("input", "This device already holds an identity.", "Leave first, or use another profile."),
  ALREADY_OPEN: entry("device", "The store is already open elsewhere.", "Use the tab or program that has it open, or close that one."),
  ANCHOR_FAILED: entry("network", "No relay put the certificate on the chain.", "The conversation works; the certificate is tried again later."),
  ANCHOR_MISMATCH: entry("network", "The chain does not confirm what a relay said about a certificate.", "Do not trust this certificate; another relay is tried."),
  ARGON2_FAILED: entry("device", "The security code could not be processed.", "Close other programs to free memory and try again."),
  BACKUP_INVALID: entry("input", "The backup file is damaged or is not one.", "Choose the file that was saved when you joined."),
  BACKUP_REQUIRED: entry("input", "This identity opens only with its backup file.", "Choose the backup file that was saved when you joined."),
  CALL_ANSWERED_ELSEWHERE: entry("peer", "Another of your devices took the call.", "Go on there."),
  CALL_BUSY: entry("peer", "Another call is in progress.", "Hang up first."),
  CALL_FINGERPRINT_MISMATCH: entry("peer", "The connection is not with the device that was invited.", "Do not go on; compare safety numbers and call again."),
  CALL_FRAMES_FAILED: entry("device", "Sound and picture could not be encrypted or decrypted.", "Hang up and call again; reload the page if it stays."),
  CALL_LOST: entry("network", "The connection was lost and did not come back.", "Check the connection and call again."),
  CALL_NOT_CONNECTED: entry("network", "No path between the two devices was found.", "Try another network, or ask a relay operator for TURN."),
  CALL_RELAYED_UNAVAILABLE: entry("network", "No relay offers the servers that relayed mode needs.", "Call without relayed mode, or try again later."),
  CALL_UNREACHABLE: entry("network", "The invitation could not be handed to any relay.", "Check the connection and call again."),
  CALL_UNSUPPORTED: entry("device", "This program cannot make calls.", "Use a current browser over https."),
  CAMERA_DENIED: entry("device", "The camera was not allowed; the call goes on with sound.", "Allow it in the browser's settings for this site."),
  CAMERA_MISSING: entry("device", "No camera was found; the call goes on with sound.", "Connect one and turn the camera on."),
  CAMERA_UNAVAILABLE: entry("device", "The camera is in use by another program; the call goes on with sound.", "Close the other program and turn the camera on."),
  CHAIN_REJECTED: entry("network", "The chain refused the transaction.", "Try again; if it stays, report it."),
  CHAIN_STALLED: entry("network", "The chain makes no new blocks.", "Wait a little and try again; nothing is lost."),
  CHAIN_UNREACHABLE: entry("network", "No relay answers questions about the chain.", "Check the connection and try again."),
  CLIENT_CLOSED: entry("internal", "The client is closed.", "Create a new client."),
  CODE_EMPTY: entry("input", "The security code is empty.", "Enter your security code."),
  CODE_TOO_LONG: entry("input", "The security code is too long.", "Use at most 1024 characters."),
  CONTACT_BLOCKED: entry("input", "This contact is blocked.", "Unblock the contact first."),
  CONTACT_IS_SELF: entry("input", "That is your own identity.", "Choose another person."),
  CONTACT_NO_REQUEST: entry("input", "There is no request from this person.", "Ask them to send one, or send one yourself."),
  CONTACT_UNKNOWN: entry("input", "Nobody with this public ID is among the contacts.", "Send a request first."),
  CONVERSATION_UNKNOWN: entry("input", "There is no such conversation.", "Open it from the list."),
  CRYPTO_UNSUPPORTED: entry("device", "This browser lacks the cryptography that is needed.", "Use a current version of Chrome, Edge, Firefox or Safari over https."),
  ENVELOPE_INVALID: entry("peer", "A received envelope does not open or does not fit its form.", "Nothing; it was ignored."),
  EVENT_LISTENER_FAILED: entry("internal", "A listener of the program threw.", "Report it to the maker of the program."),
  IDENTITY_CHANGED: entry("peer", "This person's keys do not match the registry.", "Compare safety numbers before you go on."),
  IDENTITY_REVOKED: entry("peer", "This identity was revoked by its owner.", "Ask the person for a new one."),
  INPUT_INVALID: entry("input", "An argument has the wrong form.", "See the details."),
  LINK_INVALID: entry("input", "This is neither a pseudonym nor a link of this network.", "Check what was typed or scanned."),
  MESSAGE_EMPTY: entry("input", "The message is empty.", "Write something."),
  MESSAGE_EXPIRED: entry("network", "The message could not be handed to any relay in time.", "Send it again."),
  MESSAGE_TOO_LONG: entry("input", "The message is too long.", "Send it in parts."),
  MESSAGE_UNKNOWN: entry("input", "There is no such message.", "Open the conversation again."),
  MICROPHONE_DENIED: entry("device", "The microphone was not allowed; you can listen.", "Allow it in the browser's settings for this site."),
  MICROPHONE_MISSING: entry("device", "No microphone was found; you can listen.", "Connect one; it is used at once."),
  MICROPHONE_UNAVAILABLE: entry("device", "The microphone is in use by another program; you can listen.", "Close the other program and unmute."),
  MLS_FAILED: entry("peer", "A message could not be decrypted.", "It was ignored; a lost one is asked for again."),
  NAME_EMPTY: entry("input", "The pseudonym is empty.", "Enter a pseudonym."),
  NAME_FORBIDDEN_CHARACTER: entry("input", "The pseudonym has a character that is not allowed.", "Use letters, digits, hyphens or emoji, without spaces and dots."),
  NAME_LOOK_ALIKE: entry("input", "The pseudonym mixes characters that look alike.", "Keep to one script."),
  NAME_NOT_FOUND: entry("input", "Nobody has this pseudonym.", "Check the spelling, or ask for a link."),
  NAME_TAKEN: entry("input", "The pseudonym belongs to somebody else.", "Choose another one."),
  NAME_TOO_LONG: entry("input", "The pseudonym is too long.", "At most 64 bytes: 64 Latin letters or 21 Chinese characters."),
  NAME_TOO_SHORT: entry("input", "The pseudonym is too short.", "At least 3 bytes: 3 Latin letters or 1 Chinese character."),
  NETWORK_INVALID: entry("network", "The server is not a relay of this network or describes it wrongly.", "Check the address."),
  NETWORK_UNREACHABLE: entry("network", "No relay could be reached.", "Check the connection and try again."),
  NOT_CONNECTED: entry("input", "The contact has not accepted yet.", "Wait for the other person."),
  NOT_JOINED: entry("input", "There is no identity on this device yet.", "Join first."),
  PERSON_NOT_FOUND: entry("input", "Nobody with this public ID is registered.", "Ask the person for a new link."),
  QUORUM_FAILED: entry("network", "Relays of different operators disagree about the chain.", "Try again; somebody may be lying."),
  RELAY_LIED: entry("network", "The relays gave false receipts.", "Nothing was lost on this device; try again when other relays are there."),
  RELAY_MAILBOX_FULL: entry("peer", "The other person's mailbox is full.", "Try again when they have been online."),
  RELAY_NONE: entry("network", "No relay of the needed kind is registered.", "Try again later; the network has no such relay now."),
  RELAY_REFUSED: entry("network", "No relay accepted the request.", "Try again in a moment."),
  STORE_CORRUPT: entry("device", "The data on this device is damaged.", "Restore the identity with wallet, code and pseudonym."),
  STORE_FAILED: entry("device", "Data could not be written on this device.", "Free some space and try again."),
  STORE_VERSION: entry("device", "The data on this device was written by a newer version.", "Update the program."),
  TOO_MANY_DEVICES: entry("device", "This identity already has 64 devices.", "Revoke old devices first."),
  UNEXPECTED: entry("internal", "Something unexpected went wrong.", "Try again; if it stays, report it."),
  VIDEO_NOT_IN_THEIR_TIER: entry("peer", "The other person's tier has no video calls.", "Call with sound; they can hold more SKM."),
  VIDEO_NOT_IN_TIER: entry("input", "Your tier has no video calls.", "Call with sound, or hold more SKM."),
  WALLET_CHANGED_ACCOUNT: entry("wallet", "The wallet signed with another account than the chosen one.", "Choose the same account in the wallet and try again."),
  WALLET_FAILED: entry("wallet", "The wallet gave an error.", "Open the wallet, unlock it and try again."),
  WALLET_HAS_IDENTITY: entry("wallet", "This wallet already owns an identity.", "Use its pseudonym, or another wallet."),
  WALLET_REFUSED: entry("wallet", "The signature was refused in the wallet.", "Confirm it in the wallet to go on."),
  WALLET_WRONG_CHAIN: entry("wallet", "The wallet is on another chain.", "Switch the wallet to the network's chain."),
  WRONG_SECURITY_CODE: entry("input", "The security code does not fit this pseudonym and wallet.", "Check the code, the pseudonym and the wallet's account."),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorCodes;
