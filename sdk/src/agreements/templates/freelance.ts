import type { AgreementTemplate } from "../../types/agreements.ts";

/** One job, one freelancer. */
export const freelance: AgreementTemplate = {
  id: "freelance",
  version: 1,
  kind: "work",
  title: { en: "Freelance hire", "zh-CN": "自由职业雇佣" },
  summary: {
    en: "Somebody does a job for you; the money waits in escrow and is released step by step.",
    "zh-CN": "请人完成一件工作，款项先行托管，按阶段放款。",
  },
  roles: [
    { id: "client", name: { en: "Client", "zh-CN": "雇主" } },
    { id: "freelancer", name: { en: "Freelancer", "zh-CN": "自由职业者" } },
  ],
  fields: [
    { id: "job", type: "line", label: { en: "The job", "zh-CN": "工作名称" }, max: 200 },
    {
      id: "requirements",
      type: "paragraph",
      label: { en: "Requirements", "zh-CN": "工作要求" },
      max: 4000,
    },
    {
      id: "deliverables",
      type: "paragraph",
      label: { en: "What is handed over", "zh-CN": "交付内容" },
      hint: { en: "Files, formats, places.", "zh-CN": "文件、格式、交付方式。" },
      max: 2000,
    },
    {
      id: "rights",
      type: "choice",
      label: { en: "Rights to the work", "zh-CN": "作品权利" },
      max: 20,
      options: [
        {
          id: "transfer",
          label: { en: "Pass to the client", "zh-CN": "转让给雇主" },
          says: {
            en: "All rights to what was handed over pass to the {client} when its milestone is paid.",
            "zh-CN": "相应阶段付款后，交付成果的全部权利归{client}所有。",
          },
        },
        {
          id: "licence",
          label: { en: "Stay with the freelancer, the client may use it", "zh-CN": "归自由职业者，雇主可使用" },
          says: {
            en: "The {freelancer} keeps the rights; the {client} may use what was handed over without limit of time and place once its milestone is paid.",
            "zh-CN": "权利归{freelancer}所有；相应阶段付款后，{client}可不限时间、地域使用交付成果。",
          },
        },
      ],
    },
    {
      id: "revisions",
      type: "line",
      label: { en: "Rounds of changes", "zh-CN": "修改次数" },
      hint: { en: "For example: two per milestone.", "zh-CN": "例如：每个阶段两次。" },
      max: 200,
      optional: true,
    },
  ],
  clauses: [
    { title: { en: "The job", "zh-CN": "工作名称" }, field: "job" },
    { title: { en: "Requirements", "zh-CN": "工作要求" }, field: "requirements" },
    { title: { en: "What is handed over", "zh-CN": "交付内容" }, field: "deliverables" },
    { title: { en: "Rounds of changes", "zh-CN": "修改次数" }, field: "revisions" },
    { title: { en: "Rights to the work", "zh-CN": "作品权利" }, field: "rights" },
    {
      title: { en: "Own work", "zh-CN": "原创保证" },
      says: {
        en: "The {freelancer} hands over their own work, or work they may pass on, and keeps confidential what the {client} marks as such.",
        "zh-CN": "{freelancer}保证交付成果为本人创作或有权提供，并对{client}注明保密的内容保密。",
      },
    },
  ],
};
