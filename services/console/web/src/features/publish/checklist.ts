import type { Gpt } from "@/features/gpt/gpt";

export type Sharing = Gpt["sharing"];

/** What must hold before the draft is published; `action` is where a rule that fails is mended. */
export interface Rule {
  key: "has_action" | "domains_allowed" | "signs_in" | "privacy_policy";
  passed: boolean;
  /** Of the rule's text: a host, or an action's name. */
  about?: string;
  actionId?: string;
}

export interface Known {
  gpt: Gpt;
  sharing: Sharing;
  domains: { mode: "all" | "list"; domains: readonly string[] };
  /** By action: whether calls of the draft sign in. */
  usable: ReadonlyMap<string, boolean>;
}

export function checklistOf({ gpt, sharing, domains, usable }: Known): readonly Rule[] {
  return [
    { key: "has_action", passed: gpt.actions.length > 0 },
    ...gpt.actions.flatMap((action) => [
      ...action.origins.map((origin): Rule => {
        const host = new URL(origin).hostname;
        return { key: "domains_allowed", passed: isAllowed(host, domains), about: host, actionId: action.id };
      }),
      { key: "signs_in", passed: usable.get(action.id) ?? false, about: action.name, actionId: action.id } as Rule,
      ...(isShared(sharing)
        ? [{ key: "privacy_policy", passed: action.privacy_policy_url !== null, about: action.name, actionId: action.id } as Rule]
        : []),
    ]),
  ];
}

/** A domain covers its subdomains. */
export function isAllowed(host: string, { mode, domains }: Known["domains"]): boolean {
  return mode === "all" || domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function isShared(sharing: Sharing): boolean {
  return sharing === "link" || sharing === "public";
}
