import Olm from "@matrix-org/olm";
import { cpuSeconds, type Rates } from "./cpu.ts";

await Olm.init();

/** Olm: the double ratchet between two, without signatures. One session, answered once, so that no pre-key message is left. */
export async function measureOlm(text: string, count: number): Promise<Rates> {
  const [alice, bob] = [new Olm.Account(), new Olm.Account()];
  alice.create();
  bob.create();
  bob.generate_one_time_keys(1);
  const [oneTimeKey] = Object.values<string>(JSON.parse(bob.one_time_keys()).curve25519);
  const [sender, reader] = [new Olm.Session(), new Olm.Session()];
  sender.create_outbound(alice, JSON.parse(bob.identity_keys()).curve25519, oneTimeKey ?? "");
  const first = sender.encrypt("first");
  reader.create_inbound(bob, first.body);
  reader.decrypt(first.type, first.body);
  const answer = reader.encrypt("answer");
  sender.decrypt(answer.type, answer.body);
  const messages: ReturnType<typeof sender.encrypt>[] = [];
  const encrypt = await cpuSeconds(() => {
    for (let i = 0; i < count; i++) messages.push(sender.encrypt(text));
  });
  const decrypt = await cpuSeconds(() => {
    for (const { type, body } of messages)
      if (reader.decrypt(type, body) !== text) throw new Error("Not what was sent.");
  });
  for (const one of [alice, bob, sender, reader]) one.free();
  return { encryptPerCpuSecond: count / encrypt, decryptPerCpuSecond: count / decrypt };
}

/** Megolm: the group ratchet, every message signed as in MLS. */
export async function measureMegolm(text: string, count: number): Promise<Rates> {
  const [sender, reader] = [new Olm.OutboundGroupSession(), new Olm.InboundGroupSession()];
  sender.create();
  reader.create(sender.session_key());
  const messages: string[] = [];
  const encrypt = await cpuSeconds(() => {
    for (let i = 0; i < count; i++) messages.push(sender.encrypt(text));
  });
  const decrypt = await cpuSeconds(() => {
    for (const message of messages)
      if (reader.decrypt(message).plaintext !== text) throw new Error("Not what was sent.");
  });
  for (const one of [sender, reader]) one.free();
  return { encryptPerCpuSecond: count / encrypt, decryptPerCpuSecond: count / decrypt };
}
