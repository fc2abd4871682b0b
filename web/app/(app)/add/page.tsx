"use client";
import { AddPage } from "../../../features/contacts/add-page.tsx";

export default function Page() {
  return <AddPage />;
}
