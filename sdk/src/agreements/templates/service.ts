import type { AgreementTemplate } from "../../types/agreements.ts";

/** A lawyer, or anybody else who advises, and a client. */
export const service: AgreementTemplate = {
  id: "service",
  version: 1,
  kind: "work",
  title: { en: "Service agreement", "zh-CN": "服务协议" },
  summary: {
    en: "A lawyer or adviser works for a client and is paid step by step.",
    "zh-CN": "律师或顾问为委托人办事，按进度付款。",
  },
  roles: [
    { id: "client", name: { en: "Client", "zh-CN": "委托人" } },
    { id: "provider", name: { en: "Adviser", "zh-CN": "受托人" } },
  ],
  fields: [
    {
      id: "matter",
      type: "paragraph",
      label: { en: "What is to be done", "zh-CN": "委托事项" },
      hint: {
        en: "The case or question, and what the adviser does about it.",
        "zh-CN": "写明案件或问题，以及受托人要做的工作。",
      },
      max: 4000,
    },
    {
      id: "excluded",
      type: "paragraph",
      label: { en: "What is not part of it", "zh-CN": "不包括的事项" },
      max: 2000,
      optional: true,
    },
    {
      id: "expenses",
      type: "choice",
      label: { en: "Fees of courts and offices", "zh-CN": "诉讼费等规费" },
      max: 20,
      options: [
        {
          id: "client",
          label: { en: "The client pays them", "zh-CN": "由委托人承担" },
          says: {
            en: "Fees of courts and public offices are paid by the client in addition, after having been told of them.",
            "zh-CN": "法院及行政机关收取的费用由委托人另行承担，受托人应事先告知。",
          },
        },
        {
          id: "included",
          label: { en: "Included in the price", "zh-CN": "已含在报酬内" },
          says: {
            en: "Fees of courts and public offices are included in the amounts below.",
            "zh-CN": "法院及行政机关收取的费用已包含在下列报酬之内。",
          },
        },
      ],
    },
    {
      id: "law",
      type: "line",
      label: { en: "Law that applies", "zh-CN": "适用法律" },
      hint: { en: "For example: the law of Singapore.", "zh-CN": "例如：中华人民共和国法律。" },
      max: 200,
      optional: true,
    },
  ],
  clauses: [
    { title: { en: "What is to be done", "zh-CN": "委托事项" }, field: "matter" },
    { title: { en: "What is not part of it", "zh-CN": "不包括的事项" }, field: "excluded" },
    {
      title: { en: "Care and confidence", "zh-CN": "勤勉与保密" },
      says: {
        en: "The {provider} works with care and in the interest of the {client} alone, and tells nobody what they learn in the course of it unless a law obliges them to. The {client} tells everything that matters for the work, in time.",
        "zh-CN":
          "{provider}应当勤勉尽责，只为{client}的利益行事；除法律要求外，不得向任何人透露办理过程中知悉的情况。{client}应当及时、如实提供与委托事项有关的情况。",
      },
    },
    { title: { en: "Fees of courts and offices", "zh-CN": "诉讼费等规费" }, field: "expenses" },
    { title: { en: "Law that applies", "zh-CN": "适用法律" }, field: "law" },
  ],
};
