import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { Time } from "@/components/Time";
import { memberNamesQuery } from "@/features/admin/names";
import { usePageTexts } from "@/texts/page-texts";
import type { Credential } from "./auth-form";

/** When and by whom the kept secret was entered, and how it stays. */
export function SetBy({ saved, isShort = false }: { saved: Credential; isShort?: boolean }) {
  const { auth: texts } = usePageTexts();
  const { data: session } = useQuery(sessionQuery);
  const isOwn = saved.set_by != null && saved.set_by === session?.member.id;
  const mayList = session?.member.role === "owner" || session?.member.role === "admin";
  const names = useQuery({ ...memberNamesQuery, enabled: mayList && !isOwn && saved.set_by != null });
  if (saved.set_at == null) return null;
  const name = names.data?.get(saved.set_by ?? "") ?? saved.set_by ?? "";
  return (
    <>
      {texts.setOn} <Time at={saved.set_at} /> {isOwn ? texts.byYou : texts.by(name)}.{isShort ? "" : ` ${texts.keepsSecret}`}
    </>
  );
}
