interface Rules {
  mode: "list" | "all";
  domains: readonly string[];
}

/** What actions may call, or domains to approve once more. */
export type RulesChange = Rules["mode"] | "none" | readonly string[];

/** No domains is a list without any; all others keep the domains that are approved by now. */
export function rulesAfter(before: Rules, change: RulesChange): Rules {
  if (change === "none") return { mode: "list", domains: [] };
  if (typeof change === "string") return { mode: change, domains: before.domains };
  return { mode: before.mode, domains: [...new Set([...before.domains, ...change])] };
}
