import type { AgreementTemplate } from "../../types/agreements.ts";

/** A thing is sold for a price in parts. */
export const instalments: AgreementTemplate = {
  id: "instalments",
  version: 1,
  kind: "sale",
  title: { en: "Instalment sale", "zh-CN": "分期买卖" },
  summary: {
    en: "Something is sold and paid in parts; a share of each part can be held back until the end.",
    "zh-CN": "买卖一件物品，分期付款；每期可留存一部分，到付清时再放款。",
  },
  roles: [
    { id: "buyer", name: { en: "Buyer", "zh-CN": "买方" } },
    { id: "seller", name: { en: "Seller", "zh-CN": "卖方" } },
  ],
  fields: [
    {
      id: "goods",
      type: "paragraph",
      label: { en: "What is sold", "zh-CN": "标的物" },
      hint: {
        en: "So that nobody can take it for something else: make, number, condition.",
        "zh-CN": "写清楚品牌、编号、成色等，避免误认。",
      },
      max: 4000,
    },
    { id: "handover", type: "paragraph", label: { en: "Handing over", "zh-CN": "交付" }, max: 2000 },
    {
      id: "title",
      type: "choice",
      label: { en: "When it belongs to the buyer", "zh-CN": "所有权转移" },
      max: 20,
      options: [
        {
          id: "handover",
          label: { en: "From handing over", "zh-CN": "交付时" },
          says: {
            en: "What is sold belongs to the {buyer} from when it is handed over.",
            "zh-CN": "标的物自交付时起归{buyer}所有。",
          },
        },
        {
          id: "paid",
          label: { en: "When everything is paid", "zh-CN": "付清时" },
          says: {
            en: "What is sold stays the property of the {seller} until everything is paid.",
            "zh-CN": "价款付清之前，标的物归{seller}所有。",
          },
        },
      ],
    },
    {
      id: "warranty",
      type: "paragraph",
      label: { en: "Warranty", "zh-CN": "质量保证" },
      max: 2000,
      optional: true,
    },
  ],
  clauses: [
    { title: { en: "What is sold", "zh-CN": "标的物" }, field: "goods" },
    { title: { en: "Handing over", "zh-CN": "交付" }, field: "handover" },
    { title: { en: "When it belongs to the buyer", "zh-CN": "所有权转移" }, field: "title" },
    { title: { en: "Warranty", "zh-CN": "质量保证" }, field: "warranty" },
  ],
};
