import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

/** Seconds between 1900, where NTP begins, and 1970. */
const NTP_TO_UNIX = 2_208_988_800;

/**
 * How far this machine's clock is ahead of a time server (negative: behind), in milliseconds, by one SNTP request
 * (RFC 5905, section 14). Undefined when the server does not answer properly in time.
 */
export function clockOffset(host: string, port = 123, timeoutMs = 3_000): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    let over = false;
    const end = (offset: number | undefined) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.close();
      resolve(offset);
    };
    const timer = setTimeout(() => end(undefined), timeoutMs);
    const question = Buffer.alloc(48);
    // Version 4, client. The server repeats our transmit timestamp: a random one shows that the answer is to us.
    question[0] = 0x23;
    randomBytes(8).copy(question, 40);
    let sent = 0;
    socket.on("error", () => end(undefined));
    socket.on("message", (answer) => {
      const received = Date.now();
      const fits = answer.length >= 48 && answer.subarray(24, 32).equals(question.subarray(40, 48));
      const [mode, stratum] = [(answer[0] ?? 0) & 7, answer[1] ?? 0];
      if (!fits || mode !== 4 || stratum < 1 || stratum > 15) return;
      const there = (unixMs(answer, 32) + unixMs(answer, 40)) / 2;
      end((sent + received) / 2 - there);
    });
    socket.send(question, port, host, (error) => {
      if (error) end(undefined);
    });
    sent = Date.now();
  });
}

/** An NTP timestamp: 32 bits of seconds, 32 bits of their fraction. Seconds begin again at 0 in 2036. */
function unixMs(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  const era = seconds < NTP_TO_UNIX ? 2 ** 32 : 0;
  return (era + seconds - NTP_TO_UNIX + packet.readUInt32BE(at + 4) / 2 ** 32) * 1_000;
}
