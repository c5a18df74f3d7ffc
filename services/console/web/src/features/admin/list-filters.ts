import type { components } from "@/api/generated";
import { ROLES } from "./roles";

type Search = Record<string, unknown>;

/** What the address of a page searches for. */
export function searchOnly(search: Search): { q?: string } {
  const q = search["q"];
  return typeof q === "string" && q !== "" ? { q } : {};
}

export interface MemberFilters {
  q?: string;
  role?: components["schemas"]["Role"];
}

export function memberFilters(search: Search): MemberFilters {
  const role = ROLES.find((one) => one === search["role"]);
  return { ...searchOnly(search), ...(role && { role }) };
}

/** `allow` fills in a domain that another page found missing. */
export function domainFilters(search: Search): { q?: string; allow?: string } {
  const allow = search["allow"];
  return { ...searchOnly(search), ...(typeof allow === "string" && allow !== "" && { allow }) };
}
