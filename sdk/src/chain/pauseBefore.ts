/** Before relays are asked again: longer each time, none before the first round, 0. */
export const pauseBefore = async (round: number): Promise<void> => {
  if (round > 0) await new Promise((resolve) => setTimeout(resolve, 300 * round));
};
