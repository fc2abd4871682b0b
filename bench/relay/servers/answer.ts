/** Asked by the bench over IPC, every server process tells what it has used so far. */
export interface Usage {
  /** CPU seconds of the whole process, its threads included. */
  cpuSeconds: number;
  rssBytes: number;
}

/** Tells the bench that the server listens, and answers its questions from then on. */
export function answerBench(port: number): void {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() } satisfies Usage);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port });
}
