import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { PagedList } from "@/components/PagedList";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { Section } from "@/components/Section";
import { Select } from "@/components/Select";
import { ShownOnce } from "@/components/ShownOnce";
import { TextField } from "@/components/TextField";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";
import { ROLES } from "./roles";

type Invitation = components["schemas"]["InvitationView"];
type Role = components["schemas"]["Role"];
const KEY = ["invitations"];
const invitationsQuery = pagesOf(KEY, (asked, signal) =>
  need(api.GET("/v1/members/invitations", { params: { query: asked }, signal })));

/** One-time links of seven days, which whoever invites hands over: there is no mail server. */
export function Invitations() {
  const { members: texts } = usePageTexts();
  const known = useQueryClient();
  const invitations = useInfiniteQuery(invitationsQuery);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("builder");
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const refresh = () => known.invalidateQueries({ queryKey: KEY });
  const invite = useMutation({
    mutationFn: () => need(api.POST("/v1/members/invitations", { body: { email: email.trim(), role } as never })),
    onSuccess: () => {
      setEmail("");
      return refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      need(api.DELETE("/v1/members/invitations/{invitation_id}", { params: { path: { invitation_id: id } } })),
    onSuccess: () => setRevoking(null),
    onSettled: refresh,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
    return (
    <Section title={texts.invitations}>
      <Form onSubmit={submit} className={styles.line!}>
        <TextField label={texts.email} value={email} onChange={setEmail} type="email" isRequired placeholder="ada@example.org" />
        <Select label={texts.role} value={role} options={ROLES.map((one) => [one, texts.roleAndWhat(one)])} onChange={setRole} />
        <Button type="submit" isPending={invite.isPending} isDisabled={email.trim() === ""}>{texts.invite}</Button>
      </Form>
      {invite.isError && <ProblemNotice error={invite.error} />}
      {invite.data !== undefined && (
        <ShownOnce title={texts.invited(invite.data.email)} hint={texts.invitedHint} text={invite.data.url} />
      )}
      <PagedList pages={invitations} keyOf={(one) => one.id} empty={<p>{texts.noInvitations}</p>}>
        {(invitation) => (
          <Row title={invitation.email} detail={<>{texts.until} <Time at={invitation.expires_at} /></>}>
            <Badge>{texts.roles[invitation.role]}</Badge>
            <Button kind="quiet" aria-label={texts.revokeInvitation(invitation.email)} onPress={() => setRevoking(invitation)}>
              {texts.revoke}
            </Button>
          </Row>
        )}
      </PagedList>
      <ConfirmByName
        title={texts.revokeTitle} hint={texts.revokeHint} name={revoking?.email ?? ""} isOpen={revoking !== null}
        action={texts.revoke} isPending={revoke.isPending} error={revoke.error} onClose={() => setRevoking(null)}
        onConfirm={() => { if (revoking !== null) revoke.mutate(revoking.id); }}
      />
    </Section>
  );
}
