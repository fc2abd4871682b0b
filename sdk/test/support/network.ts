import { afterAll, beforeAll, vi } from "vitest";
import {
  type Person,
  startTestNetwork,
  type TestNetwork,
  type TestNetworkOptions,
} from "../../../test/support/network.ts";
import type { Conversation, PublicId } from "../../src/index.ts";

/** A network of real processes for the tests of one file; it is there when the first of them starts. */
export function useNetwork(options: TestNetworkOptions = {}): TestNetwork {
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
  const network: Partial<TestNetwork> = {};
  beforeAll(async () => {
    Object.assign(network, await startTestNetwork(options));
  });
  afterAll(() => network.stop?.());
  return network as TestNetwork;
}

export const idOf = (person: Person): PublicId => person.client.identity?.publicId as PublicId;

/** The newest two hundred, oldest first. */
export const textsOf = async (conversation: Conversation): Promise<string[]> =>
  (await conversation.messages({ limit: 200 })).flatMap(({ body }) => (body.type === "text" ? [body.text] : []));

export const closeAll = (...people: Person[]) => Promise.all(people.map(({ client }) => client.close()));
