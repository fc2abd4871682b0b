"use client";
import { Me } from "../../../features/me/me.tsx";

export default function Page() {
  return <Me />;
}
