import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { LinkButton } from "@/components/LinkButton";
import { isAllowed } from "@/features/publish/checklist";
import { usePageTexts } from "@/texts/page-texts";
import { domainsQuery } from "./domains-query";

/** For whoever may approve domains: the way to approve that of the hosts which is refused now. */
export function ApproveLink({ hosts }: { hosts: readonly string[] }) {
  const { domains: texts } = usePageTexts();
  const rules = useQuery(domainsQuery);
  const { data: session } = useQuery(sessionQuery);
  const mayAllow = session?.member.role === "owner" || session?.member.role === "admin";
  if (!mayAllow || rules.data === undefined) return null;
  const [refused] = hosts.filter((host) => !isAllowed(host, rules.data));
  if (refused === undefined) return <LinkButton href="/admin/domains">{texts.approve}</LinkButton>;
  return <LinkButton href={`/admin/domains?allow=${refused}`}>{texts.approveHost(refused)}</LinkButton>;
}
