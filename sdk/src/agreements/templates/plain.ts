import type { AgreementTemplate } from "../../types/agreements.ts";

/** Anything that people agree on, without money in escrow. */
export const plain: AgreementTemplate = {
  id: "plain",
  version: 1,
  kind: "plain",
  title: { en: "Plain agreement", "zh-CN": "一般协议" },
  summary: {
    en: "Two or more people put in writing what they agree on. No money is held.",
    "zh-CN": "两人或多人把约定写下来，不涉及资金托管。",
  },
  roles: [{ id: "party", name: { en: "Party", "zh-CN": "当事人" } }],
  fields: [
    { id: "subject", type: "line", label: { en: "Subject", "zh-CN": "事由" }, max: 200 },
    { id: "text", type: "paragraph", label: { en: "What is agreed", "zh-CN": "约定内容" }, max: 12_000 },
  ],
  clauses: [
    { title: { en: "Subject", "zh-CN": "事由" }, field: "subject" },
    { title: { en: "What is agreed", "zh-CN": "约定内容" }, field: "text" },
  ],
};
