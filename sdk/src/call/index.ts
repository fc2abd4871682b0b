export { createCalls } from "./createCalls.ts";
export { SIGNAL_TTL_SECONDS } from "./limits.ts";
export type { CallSignal } from "./signal.ts";
export type {
  CallClock,
  CallMedia,
  CallRtc,
  Calls,
  CallsEvents,
  CallsInput,
  CertifyRequest,
  SignalChannel,
} from "./types.ts";
