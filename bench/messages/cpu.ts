/** CPU seconds of this process, all threads, that the work took; the machine may be busy with other things meanwhile. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** One round of sending and reading `count` messages. */
export interface Rates {
  encryptPerCpuSecond: number;
  decryptPerCpuSecond: number;
}
