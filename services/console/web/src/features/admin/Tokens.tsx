import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { pagesOf } from "@/api/pages";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { EmptyState } from "@/components/EmptyState";
import { PagedList } from "@/components/PagedList";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Row } from "@/components/Row";
import { SearchField } from "@/components/SearchField";
import { Select } from "@/components/Select";
import { ShownOnce } from "@/components/ShownOnce";
import { TextField } from "@/components/TextField";
import { Time } from "@/components/Time";
import { usePageTexts } from "@/texts/page-texts";
import styles from "./AdminLayout.module.css";

type Token = components["schemas"]["TokenView"];
const KEY = ["tokens"];
const LIVES = ["30", "90", "365", ""] as const;
const route = getRouteApi("/admin/tokens");
const tokensQuery = (q: string) =>
  pagesOf([...KEY, q], (asked, signal) =>
    need(api.GET("/v1/tokens", { params: { query: { ...asked, q } }, signal })));

/** API tokens: for programs, the command line and model clients. */
export function Tokens() {
  const { tokens: texts } = usePageTexts();
  const known = useQueryClient();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const tokens = useInfiniteQuery(tokensQuery(q));
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof LIVES)[number]>("90");
  const [revoking, setRevoking] = useState<Token | null>(null);
  const refresh = () => known.invalidateQueries({ queryKey: KEY });
  const make = useMutation({
    mutationFn: () =>
      need(api.POST("/v1/tokens", {
        body: { name: name.trim(), expires_in_days: days === "" ? null : Number(days) } as never,
      })),
    onSuccess: () => {
      setName("");
      return refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => need(api.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSuccess: () => {
      setRevoking(null);
      return refresh();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <>
      <PageHead title={texts.title} />
      <Form onSubmit={submit} className={styles.line!}>
        <TextField label={texts.name} value={name} onChange={setName} maxLength={100} isRequired placeholder={texts.namePlaceholder} />
        <Select label={texts.lives} value={days} options={LIVES.map((one) => [one, texts.life(one)])} onChange={setDays} />
        <Button kind="primary" type="submit" isPending={make.isPending} isDisabled={name.trim() === ""}>{texts.make}</Button>
      </Form>
      {make.isError && <ProblemNotice error={make.error} />}
      {make.data !== undefined && <ShownOnce title={texts.made} hint={texts.madeHint} text={make.data.token} />}
      <SearchField
        label={texts.search} value={q}
        onChange={(text) => void navigate({ search: text === "" ? {} : { q: text }, replace: true })}
      />
      <PagedList
        pages={tokens} keyOf={(token) => token.id}
        empty={<EmptyState title={q === "" ? texts.none : texts.noneFound} hint={q === "" ? texts.noneHint : undefined} />}
      >
        {(token) => (
          <Row title={token.name} detail={<Details token={token} />}>
            <Button kind="quiet" aria-label={texts.revokeToken(token.name)} onPress={() => setRevoking(token)}>
              {texts.revoke}
            </Button>
          </Row>
        )}
      </PagedList>
      <ConfirmByName
        title={texts.revokeTitle} hint={texts.revokeHint} name={revoking?.name ?? ""} isOpen={revoking !== null}
        action={texts.revoke} isPending={revoke.isPending} error={revoke.error} onClose={() => setRevoking(null)}
        onConfirm={() => { if (revoking !== null) revoke.mutate(revoking.id); }}
      />
    </>
  );
}

function Details({ token }: { token: Token }) {
  const { tokens: texts } = usePageTexts();
  return (
    <>
      <code>oat_{token.hint}…</code> · {token.last_used_at === null ? texts.neverUsed : <>{texts.used} <Time at={token.last_used_at} /></>}
      {token.expires_at !== null && <> · {texts.until} <Time at={token.expires_at} /></>}
    </>
  );
}
