import type { components } from "@/api/generated";

export const ROLES: readonly components["schemas"]["Role"][] = ["owner", "admin", "builder", "user"];
