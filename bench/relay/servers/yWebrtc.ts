import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { answerBench } from "./answer.ts";

const probe = createServer().listen(0, "127.0.0.1");
await once(probe, "listening");
const { port } = probe.address() as AddressInfo;
probe.close();
await once(probe, "close");
process.env.PORT = String(port);
// The signalling server that y-webrtc ships; it is a program, not an export.
const home = dirname(dirname(createRequire(import.meta.url).resolve("y-webrtc")));
await import(pathToFileURL(join(home, "bin/server.js")).href);
for (let open = false; !open; ) {
  open = await new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
answerBench(port);
