import { expect } from "chai";
import { artifacts } from "hardhat";

/** OpenZeppelin's AccessControl, for the roles themselves. */
const ROLES = ["grantRole", "renounceRole", "revokeRole"];
const WITH_AUTHORISATION = ["cancelAuthorization", "receiveWithAuthorization", "transferWithAuthorization"];

/** Every function that writes: who has a say beyond their own (a governor, a bucket's controller, a fee spender), and people. */
const WRITERS: Record<string, { administration: string[]; people: string[] }> = {
  SKM: {
    administration: ["emitFrom", "setController"],
    people: ["approve", "permit", "transfer", "transferFrom", ...WITH_AUTHORISATION],
  },
  IdentityRegistry: {
    administration: [],
    people: [
      ...["commit", "registerFor", "rename", "rotate", "revoke", "setController", "setDevices"],
      ...["setRecovery", "startRecovery", "cancelRecovery", "finishRecovery"],
    ],
  },
  Membership: { administration: [...ROLES, "setStartingCredit", "setTiers", "spendCredit"], people: [] },
  UsageFees: { administration: [...ROLES, "setPrice"], people: ["pay", "payFromCredit", "withdraw"] },
  RelayRegistry: {
    administration: [...ROLES, "setMinimumStake"],
    people: ["addStake", "register", "requestUnbond", "update", "withdraw"],
  },
  OperatorRewards: { administration: [...ROLES, "handOver", "setAttesters", "setCaps"], people: ["claim"] },
  SessionAnchor: { administration: [], people: ["anchor"] },
  Agreements: { administration: [], people: ["conclude", "reclaim", "retract"] },
  Escrow: {
    administration: [],
    people: [
      ...["accept", "cancel", "declareDefault", "dispute", "extend", "fund", "lapse", "refund", "reject", "rule"],
      ...["settle", "submit", "sweep", "withdraw", "withdrawTo"],
    ],
  },
  RedPackets: { administration: [], people: ["claim", "create", "createFor", "draw", "refund", "settle", "withdraw"] },
  JobBoard: { administration: [], people: ["close", "edit", "hire", "post", "rate"] },
};

describe("Administration", () => {
  // Nothing stops an exit because nothing stops anything: there is no pause at all. Whoever adds a function has to say here whose it is.
  for (const [name, { administration, people }] of Object.entries(WRITERS)) {
    const what = administration.length === 0 ? "no administration" : `only ${administration.join(", ")}`;
    it(`of ${name}: ${what}; no pause, no freeze, no upgrade, nothing else that writes`, async () => {
      const { abi } = await artifacts.readArtifact(name);
      const writing = abi.filter(
        ({ type, stateMutability }) => type === "function" && !/view|pure/.test(stateMutability),
      );
      const names = [...new Set(writing.map((item) => ("name" in item ? item.name : "")))];
      expect(names.sort()).to.deep.equal([...administration, ...people].sort());
    });
  }
});
