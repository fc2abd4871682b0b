import { createServer } from "node:net";

function tryListen(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : undefined));
    });
  });
}

/** A port nobody listens on right now. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  const port = await tryListen(0, host);
  if (port === undefined) throw new Error(`No free port on ${host}`);
  return port;
}

/**
 * Whether nobody listens on the port, also not on the other loopback: "localhost" may mean either, and a browser
 * would talk to the stranger.
 */
export async function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  if ((await tryListen(port, host)) === undefined) return false;
  return host !== "127.0.0.1" || !(await isTaken(port, "::1"));
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    // Any other error means that the machine has no such address.
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
  });
}

/** The first free port from `wanted` upwards, leaving out `taken`. */
export async function nextFreePort(wanted: number, taken: ReadonlySet<number>, host = "127.0.0.1"): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 200, 65_536); port++) {
    if (!taken.has(port) && (await isFree(port, host))) return port;
  }
  throw new Error(`No free port between ${wanted} and ${wanted + 200}`);
}
