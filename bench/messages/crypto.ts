import { type AppMessage, decodeAppMessage, encodeAppMessage } from "../../sdk/src/conversation/appMessage.ts";
import { decryptMessage, encryptMessage } from "../../sdk/src/crypto/mls/message.ts";
import { median, report } from "../lib/report.ts";
import { cpuSeconds, type Rates } from "./cpu.ts";
import { makeDevices, makeGroup } from "./devices.ts";
import { measureMegolm, measureOlm } from "./olm.ts";

const bench = "messages";
const text = "1 KB of text. ".repeat(74).slice(0, 1024);
const count = 2_000;

/** MLS between two devices, our framing as JSON and its check included. */
async function measureOurs(): Promise<Rates> {
  let { creator, member } = await makeGroup(await makeDevices(2));
  const messages: Uint8Array[] = [];
  const encrypt = await cpuSeconds(async () => {
    for (let n = 1; n <= count; n++) {
      const id = n.toString(16).padStart(32, "0");
      const content = { kind: "text", text } as const;
      const message: AppMessage = { v: 1, type: "content", id, n, at: Date.now(), content };
      const sent = await encryptMessage(creator, encodeAppMessage(message));
      creator = sent.group;
      messages.push(sent.message);
    }
  });
  const decrypt = await cpuSeconds(async () => {
    for (const message of messages) {
      const read = await decryptMessage(member, message);
      const body = read.kind === "message" && decodeAppMessage(read.body);
      if (read.kind !== "message" || !body) throw new Error("Not what was sent.");
      member = read.group;
    }
  });
  return { encryptPerCpuSecond: count / encrypt, decryptPerCpuSecond: count / decrypt };
}

const bySystem = { ours: measureOurs, olm: () => measureOlm(text, count), megolm: () => measureMegolm(text, count) };

/** 1 KB messages in CPU seconds, in turns with the peers, so that whatever else the machine does falls on all alike. */
export async function benchCrypto(runs: number): Promise<void> {
  const rates: Record<keyof typeof bySystem, Rates[]> = { ours: [], olm: [], megolm: [] };
  for (let run = 0; run < runs; run++) {
    for (const name of Object.keys(rates) as (keyof typeof bySystem)[]) rates[name].push(await bySystem[name]());
  }
  for (const [metric, pick] of [
    ["encrypt_per_cpu_s", "encryptPerCpuSecond"],
    ["decrypt_per_cpu_s", "decryptPerCpuSecond"],
  ] as const) {
    const samples = rates.ours.map((rate) => rate[pick]);
    for (const name of ["olm", "megolm"] as const) {
      const peer = { name, value: median(rates[name].map((rate) => rate[pick])) };
      report({ bench, metric, unit: "msg/s", ours: median(samples), peer, samples });
    }
  }
}
