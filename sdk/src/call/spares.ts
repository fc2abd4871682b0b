import type { CallClock, CallRtc } from "./types.ts";

/**
 * What a call needs and takes a while to make: a DTLS certificate and a worker. One of each is kept in reserve. Both serve
 * one call only: a certificate used twice would tell an observer of the network that two calls are of one person.
 */
export interface Spares {
  /** Makes what is missing, once nothing else is urgent. */
  refill(): void;
  certificate(): Promise<RTCCertificate>;
  /** Undefined where frames cannot be encrypted. */
  worker(): Worker | undefined;
  drop(): void;
}

/** Certificates of browsers expire after 30 days; a page may be open for longer. */
const MARGIN_MS = 86_400_000;
/** A page that was just opened, or a call that just ended, has better things to do. */
const IDLE_MS = 2_000;

export function createSpares(rtc: CallRtc, clock: CallClock, makeWorker: (() => Worker) | undefined): Spares {
  const generate = () =>
    rtc.RTCPeerConnection.generateCertificate({ name: "ECDSA", namedCurve: "P-256" } as EcKeyGenParams);
  let certificate: Promise<RTCCertificate> | undefined;
  let worker: Worker | undefined;
  let cancel: (() => void) | undefined;

  function start(): Worker | undefined {
    if (!makeWorker || !rtc.RTCRtpScriptTransform) return undefined;
    try {
      return makeWorker();
    } catch {
      // Blocked by the page's policy: the call is protected by the connection's own encryption.
      return undefined;
    }
  }

  return {
    refill() {
      cancel ??= clock.after(IDLE_MS, () => {
        cancel = undefined;
        certificate ??= generate();
        // Whoever takes it makes another one.
        certificate.catch(() => {});
        worker ??= start();
      });
    },
    async certificate() {
      const taken = certificate;
      certificate = undefined;
      const made = await taken?.catch(() => undefined);
      return made && made.expires > clock.now() + MARGIN_MS ? made : generate();
    },
    worker() {
      const taken = worker ?? start();
      worker = undefined;
      return taken;
    },
    drop() {
      cancel?.();
      worker?.terminate();
      worker = undefined;
    },
  };
}
