/** One tap away, understood everywhere; everything else is in the picker. */
export const quickReactions = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;
