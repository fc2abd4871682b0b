/** How to call the npm that runs us (or the one on the PATH), without a shell. */
export function npmCommand(args: readonly string[]): { command: string; args: string[] } {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return { command: process.execPath, args: [cli, ...args] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [...args] };
}
