/** Bounds of a call, in milliseconds unless named otherwise. */

/** How long it rings before the call counts as missed. */
export const RING_MS = 45_000;
/** The invitation goes to whoever listens at once; unless it is settled by then, relays keep it for devices that wake up later. */
export const KEEP_INVITE_MS = 400;
/** The same for the answer, unless the connection stands by then. */
export const KEEP_ANSWER_MS = 700;
/** An invitation that no relay has stored by then, and no device has heard, reaches nobody: the call ends. */
export const UNREACHABLE_MS = 10_000;
/** While it rings the caller shows life this often ... */
export const ALIVE_EVERY_MS = 5_000;
/** ... and the callee stops ringing after this much silence: a caller that crashed must not ring on as a ghost. */
export const ALIVE_LOST_MS = 16_000;
/** From accepting to a connection; then the call ends as failed. */
export const CONNECT_MS = 20_000;
/** From losing the connection to giving the call up, however much the other side is heard by relay ... */
export const RECONNECT_MS = 45_000;
/** ... and when nothing at all is heard of it: a crashed browser must not stay in the call as a ghost. */
export const SILENT_MS = 12_000;
/** While reconnecting, ICE is restarted this often. */
export const RESTART_EVERY_MS = 5_000;
/** The callee leaves the first restart to the caller, so that their offers rarely cross. */
export const RESTART_POLITE_MS = 1_500;
/** The other side's page is gone (channel closed without a word): the time left for a hang-up that travels by relay. */
export const VANISHED_MS = 2_500;
/** Heartbeat over the data channel, and the silence after which the connection counts as lost. */
export const HEARTBEAT_EVERY_MS = 1_000;
export const HEARTBEAT_LOST_MS = 6_000;
/** A hang-up on the data channel gets this long before the connection closes. */
export const FAREWELL_MS = 250;
/** An invitation made longer ago than this never rings, however wrong the clocks are. */
export const INVITE_STALE_MS = 600_000;
/** What can wait lets the first sound and picture through before it: certifying, watching, telling other devices. */
export const SETTLE_MS = 300;
/** Candidates are gathered into one signal for this long. */
export const CANDIDATE_BATCH_MS = 40;
/** Invitation and answer wait this long for the first candidates, and then this long for their siblings: a signal less to send. */
export const FIRST_CANDIDATE_MS = 12;
export const SIBLING_CANDIDATES_MS = 3;
/** "It rings here" is only for the eye; whoever accepts at once says so with the answer. */
export const TELL_RINGING_MS = 150;
/** Statistics are read this often. */
export const STATS_EVERY_MS = 500;
/** How long a call waits for TURN credentials when it could do without. */
export const TURN_PATIENCE_MS = 250;
/** How long relayed-only mode waits for them. */
export const TURN_REQUIRED_MS = 6_000;
/** How long fetched TURN credentials are used again. */
export const TURN_FRESH_MS = 120_000;

/** Time a relay keeps a signal. */
export const SIGNAL_TTL_SECONDS = 60;
/** Size of a signal as JSON text. */
export const MAX_SIGNAL_BYTES = 40_000;
export const MAX_SDP_CHARS = 24_000;
export const MAX_CANDIDATE_CHARS = 400;
export const MAX_CANDIDATES_PER_SIGNAL = 24;
export const MAX_CANDIDATES_PER_CALL = 240;
