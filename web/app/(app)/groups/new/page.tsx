"use client";
import { NewGroupPage } from "../../../../features/groups/new-group-page.tsx";

export default function Page() {
  return <NewGroupPage />;
}
