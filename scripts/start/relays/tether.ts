/**
 * Loaded into every relay that `npm start` runs: when the starter is gone without a word (killed, crashed), the
 * relay stops tidily instead of staying behind as an orphan.
 */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
