import { describe, expect, test, vi } from "vitest";
import { record } from "../../bench/chain/replay.ts";
import { split, sustain } from "../../bench/chain/sustain.ts";
import type { Rpc } from "../../sdk/src/chain/rpc.ts";

describe("operations under way", () => {
  test("are as many as asked for until none is left, and each is carried out once", async () => {
    let underWay = 0;
    const most: number[] = [];
    const done: number[] = [];
    const spent = await sustain({ count: 10, width: 3 }, async (index) => {
      most.push(++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
      done.push(index);
    });
    expect(Math.max(...most)).toBe(3);
    expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(spent.perSecond).toBeGreaterThan(0);
    expect(spent.cpuMs).toBeGreaterThan(0);
  });

  test("one that fails fails the round", async () => {
    const round = sustain({ count: 3, width: 2 }, async (index) => {
      if (index === 1) throw new Error("refused");
    });
    await expect(round).rejects.toThrow("refused");
  });
});

test("the CPU time that is neither signing nor encoding went to requests, and no part is below zero", () => {
  expect(split({ whole: 10, offline: 6, signing: 4 })).toEqual({ whole: 10, signing: 4, encoding: 2, requests: 4 });
  expect(split({ whole: 5, offline: 6, signing: 7 })).toEqual({ whole: 5, signing: 7, encoding: 0, requests: 0 });
});

describe("answers given again", () => {
  const endpoint = { url: "http://one", operator: "one" };
  const call = (data: string) => [{ to: "0xaa", data }, "latest"];

  test("come in their order, by method and function, the last one from then on; what was not there yet is left out", async () => {
    const ask = vi.fn<(method: string, params: unknown[]) => Promise<unknown>>();
    for (const answer of [null, { status: "0x1" }, "0x00", "0x01"]) ask.mockResolvedValueOnce(answer);
    const real: Rpc = {
      endpoints: () => [endpoint],
      request: ask,
      requestAt: (_, method, params) => ask(method, params),
    };
    const recording = record(real);
    expect(await recording.rpc.request("eth_getTransactionReceipt", ["0x1"])).toBeNull();
    await recording.rpc.request("eth_getTransactionReceipt", ["0x1"]);
    await recording.rpc.request("eth_call", call("0x11111111aa"));
    await recording.rpc.requestAt(endpoint, "eth_call", call("0x11111111bb"));
    for (let i = 0; i < 2; i++) {
      const again = recording.replay();
      expect(await again.request("eth_getTransactionReceipt", ["0x2"])).toEqual({ status: "0x1" });
      expect(await again.requestAt(endpoint, "eth_call", call("0x11111111cc"))).toBe("0x00");
      expect(await again.request("eth_call", call("0x11111111dd"))).toBe("0x01");
      expect(await again.request("eth_call", call("0x11111111ee"))).toBe("0x01");
    }
    expect(ask).toHaveBeenCalledTimes(4);
  });

  test("keep the order of the questions when several are asked at once", async () => {
    const first = Promise.withResolvers<unknown>();
    const said = [first.promise, Promise.resolve("0x02")];
    const ask = async () => said.shift();
    const recording = record({ endpoints: () => [endpoint], request: ask, requestAt: ask });
    const asked = ["aa", "bb"].map((argument) => recording.rpc.request("eth_call", call(`0x11111111${argument}`)));
    await asked[1];
    first.resolve("0x01");
    await asked[0];
    const again = recording.replay();
    expect(await again.request("eth_call", call("0x11111111cc"))).toBe("0x01");
    expect(await again.request("eth_call", call("0x11111111dd"))).toBe("0x02");
  });

  test("are refusals too, and nothing is made up", async () => {
    const refused = new Error("reverted");
    const fail = () => Promise.reject(refused);
    const recording = record({ endpoints: () => [endpoint], request: fail, requestAt: fail });
    await expect(recording.rpc.request("eth_call", call("0x11111111"))).rejects.toBe(refused);
    const again = recording.replay();
    await expect(again.request("eth_call", call("0x1111111122"))).rejects.toBe(refused);
    await expect(again.request("eth_call", call("0x22222222"))).rejects.toThrow("was not asked before");
  });
});
