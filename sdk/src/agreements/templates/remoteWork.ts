import type { AgreementTemplate } from "../../types/agreements.ts";

/** Work from afar towards goals with dates. */
export const remoteWork: AgreementTemplate = {
  id: "remote-work",
  version: 1,
  kind: "work",
  title: { en: "Remote work goals", "zh-CN": "远程工作目标" },
  summary: {
    en: "Goals with dates for somebody who works from afar; each one is paid when it is reached.",
    "zh-CN": "为远程工作约定目标和日期，完成一项，支付一项。",
  },
  roles: [
    { id: "employer", name: { en: "Employer", "zh-CN": "用工方" } },
    { id: "worker", name: { en: "Worker", "zh-CN": "工作方" } },
  ],
  fields: [
    { id: "role", type: "line", label: { en: "Role", "zh-CN": "岗位" }, max: 200 },
    {
      id: "goals",
      type: "paragraph",
      label: { en: "Goals", "zh-CN": "工作目标" },
      hint: {
        en: "How everybody can see that a goal was reached.",
        "zh-CN": "写明怎样才算完成，双方都能对照检查。",
      },
      max: 4000,
    },
    {
      id: "reporting",
      type: "paragraph",
      label: { en: "Times and reports", "zh-CN": "时间与汇报" },
      max: 2000,
      optional: true,
    },
    {
      id: "rights",
      type: "choice",
      label: { en: "Who owns the results", "zh-CN": "成果归属" },
      max: 20,
      options: [
        {
          id: "paid",
          label: { en: "The employer, once paid", "zh-CN": "付款后归用工方" },
          says: {
            en: "All rights to the results of a goal pass to the {employer} when that goal is paid.",
            "zh-CN": "每项目标的报酬支付后，其成果的全部权利归{employer}所有。",
          },
        },
        {
          id: "worker",
          label: { en: "The worker; the employer may use them", "zh-CN": "归工作方，用工方可使用" },
          says: {
            en: "The {worker} keeps the rights to the results; the {employer} may use them without limit once they are paid.",
            "zh-CN": "成果的权利归{worker}所有；付款后{employer}可不受限制地使用。",
          },
        },
      ],
    },
  ],
  clauses: [
    { title: { en: "Role", "zh-CN": "岗位" }, field: "role" },
    { title: { en: "Goals", "zh-CN": "工作目标" }, field: "goals" },
    { title: { en: "Times and reports", "zh-CN": "时间与汇报" }, field: "reporting" },
    {
      title: { en: "Place and means", "zh-CN": "地点与工具" },
      says: {
        en: "The {worker} chooses place, hours and tools, unless something else stands above, and works in person.",
        "zh-CN": "除上文另有约定外，工作地点、时间和工具由{worker}自行决定；工作应由其本人完成。",
      },
    },
    { title: { en: "Who owns the results", "zh-CN": "成果归属" }, field: "rights" },
  ],
};
