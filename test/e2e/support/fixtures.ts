import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { type LocalNetwork, startNetwork } from "../../../scripts/start/startNetwork.ts";
import { newPerson, type Person, type PersonOptions } from "./people.ts";

/** A network in a folder of its own, gone after the tests that share it. */
export interface E2eNetwork extends LocalNetwork {
  readonly stateDir: string;
  /** Where people open the dApp. */
  readonly url: string;
  /** Ends chain and relays but keeps what they stored, for tests that read it. */
  pause(): Promise<void>;
}

export async function openNetwork(): Promise<E2eNetwork> {
  const stateDir = mkdtempSync(join(tmpdir(), "skrumble-e2e-"));
  const network = await startNetwork({ stateDir, chainPort: 0, relayPort: 0, web: true, turn: true });
  const [first] = network.relays;
  if (!first) throw new Error("No relay was started.");
  return {
    ...network,
    stateDir,
    url: first.url,
    pause: network.stop,
    async stop() {
      await network.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

interface Fixtures {
  /** Opens a browser profile for a person; at the end of the test no page may have complained. */
  person: (options: PersonOptions) => Promise<Person>;
}

interface WorkerFixtures {
  /** One network for all tests of a worker: real chain, real relays serving the built dApp. */
  network: E2eNetwork;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  network: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const network = await openNetwork();
      await use(network);
      await network.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  person: async ({ browser, network }, use) => {
    const people: Person[] = [];
    await use(async (options) => {
      const person = await newPerson(browser, network.url, options);
      people.push(person);
      return person;
    });
    const problems = people.flatMap((person) => person.problems.map((text) => `${person.pseudonym}: ${text}`));
    for (const person of people) await person.context.close();
    expect(problems, "pages must not log errors").toEqual([]);
  },
});

export { expect };

let counter = 0;

/** A pseudonym nobody in this run has: names are unique on the chain that the tests share. */
export function uniqueName(stem: string): string {
  counter += 1;
  return `${stem}-${process.pid.toString(36)}${counter.toString(36)}`;
}
