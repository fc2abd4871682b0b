import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { PeerServer } from "peer";
import { answerBench } from "./answer.ts";

// The package wants a port and does not tell which one it got.
const probe = createServer().listen(0, "127.0.0.1", () => {
  const { port } = probe.address() as AddressInfo;
  probe.close(() => PeerServer({ port, host: "127.0.0.1", path: "/" }, () => answerBench(port)));
});
