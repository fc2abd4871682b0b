import en from "../messages/en.json" with { type: "json" };
import lateEn from "../messages/late/en.json" with { type: "json" };
import lateZh from "../messages/late/zh-CN.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };

/** What the dApp says, the late ones with it. */
export const messages = { en: { ...en, ...lateEn }, "zh-CN": { ...zh, ...lateZh } };
