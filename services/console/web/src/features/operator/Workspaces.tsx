import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { Form } from "react-aria-components";
import { pagesOf } from "@/api/pages";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { PagedList } from "@/components/PagedList";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { SearchField } from "@/components/SearchField";
import { Section } from "@/components/Section";
import { ShownOnce } from "@/components/ShownOnce";
import { TextField } from "@/components/TextField";
import { Time } from "@/components/Time";
import adminStyles from "@/features/admin/AdminLayout.module.css";
import { usePageTexts } from "@/texts/page-texts";
import type { Operator, Tenant } from "./operator";

const KEY = ["workspaces"];

/** The installation's workspaces: one more, a way in for an owner, closing and opening again. */
export function Workspaces({ operator }: { operator: Operator }) {
  const { operator: texts } = usePageTexts();
  const known = useQueryClient();
  const [q, setQ] = useState("");
  const [title, setTitle] = useState("");
  const [closing, setClosing] = useState<Tenant | null>(null);
  const query = useMemo(() => pagesOf([...KEY, q], (asked, signal) => operator.list({ ...asked, q }, signal)), [operator, q]);
  const tenants = useInfiniteQuery({ ...query, gcTime: 0 });
  const refresh = () => known.invalidateQueries({ queryKey: KEY });
  const create = useMutation({
    mutationFn: () => operator.create(title.trim()),
    onSuccess: () => {
      setTitle("");
      return refresh();
    },
  });
  const link = useMutation({ mutationFn: (tenant: Tenant) => operator.linkFor(tenant.id) });
  const restore = useMutation({ mutationFn: (id: string) => operator.restore(id), onSuccess: refresh });
  const close = useMutation({
    mutationFn: (tenant: Tenant) => operator.close(tenant),
    onSuccess: () => {
      setClosing(null);
      return refresh();
    },
  });
  const failed = [create, link, restore].find((change) => change.isError);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Section title={texts.workspaces}>
      <Form onSubmit={submit} className={adminStyles.line!}>
        <TextField label={texts.newTitle} value={title} onChange={setTitle} maxLength={100} />
        <Button type="submit" isPending={create.isPending} isDisabled={title.trim() === ""}>{texts.create}</Button>
      </Form>
      {failed !== undefined && <ProblemNotice error={failed.error} />}
      {create.data !== undefined && (
        <ShownOnce title={texts.created(create.data.title)} hint={texts.createdHint} text={create.data.owner_token} />
      )}
      {link.data !== undefined && (
        <ShownOnce title={texts.linkFor(link.variables.title)} hint={texts.linkHint} text={link.data.url} />
      )}
      <SearchField label={texts.search} value={q} onChange={setQ} />
      <PagedList pages={tenants} keyOf={(tenant) => tenant.id} empty={<p>{texts.noneFound}</p>}>
        {(tenant) => (
          <Row title={tenant.title} detail={<code>{tenant.id}</code>}>
            {tenant.closing_until != null
              ? (
                <>
                  <Badge kind="warning">{texts.closing} <Time at={tenant.closing_until} /></Badge>
                  <Button kind="quiet" onPress={() => restore.mutate(tenant.id)}>{texts.restore}</Button>
                </>
              ) : (
                <>
                  <Button kind="quiet" onPress={() => link.mutate(tenant)}>{texts.signInLink}</Button>
                  <Button kind="quiet" onPress={() => setClosing(tenant)}>{texts.close}</Button>
                </>
              )}
          </Row>
        )}
      </PagedList>
      <ConfirmByName
        title={texts.closeTitle} hint={texts.closeHint} name={closing?.title ?? ""} isOpen={closing !== null}
        action={texts.close} isPending={close.isPending} error={close.error} onClose={() => setClosing(null)}
        onConfirm={() => { if (closing !== null) close.mutate(closing); }}
      />
    </Section>
  );
}
