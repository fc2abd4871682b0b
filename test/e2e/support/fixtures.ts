import { test as base, expect } from "@playwright/test";
import { dropLines, dropping } from "./dropping.ts";
import { type E2eNetwork, type Nodes, openNetwork } from "./network.ts";
import { newPerson, type Person, type PersonOptions } from "./people.ts";
import { outage } from "./words.ts";

interface Fixtures {
  /** Opens a browser profile for a person; at the end of the test no page may have complained. */
  person: (options: PersonOptions) => Promise<Person>;
}

interface WorkerFixtures {
  /** `test.use({ nodes: "failing" })`: the tests of a file run with chain nodes that fail, and lines to relays that break off. */
  nodes: Nodes;
  /** One network for all tests of a worker: real chain, real relays serving the built dApp. */
  network: E2eNetwork;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  nodes: ["sound", { option: true, scope: "worker" }],
  network: [
    async ({ nodes }, use) => {
      const network = await openNetwork(nodes);
      await use(network);
      await network.stop();
      expect(network.failing?.unused() ?? [], "faults that nobody ran into").toEqual([]);
      if (network.failing) expect(network.drops, "lines that broke off").toBeGreaterThan(0);
    },
    { scope: "worker", timeout: 300_000 },
  ],
  person: async ({ browser, network }, use) => {
    const people: Person[] = [];
    await use(async (options) => {
      // Chromium itself logs every request that a node did not answer.
      const allowed = network.failing ? [...outage, ...dropping, ...(options.allowed ?? [])] : options.allowed;
      const person = await newPerson(browser, network.url, { ...options, ...(allowed ? { allowed } : {}) });
      if (network.failing) await dropLines(person.context, () => void network.drops++);
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
