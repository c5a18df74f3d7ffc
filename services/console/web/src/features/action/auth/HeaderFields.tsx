import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { FieldsProps } from "./AuthDialog";
import { type HeaderForm, hasKeyInPlace, MAX_HEADERS } from "./auth-form";
import styles from "./AuthForm.module.css";

/** Several headers that sign in together; without values where each member has their own. */
export function HeaderFields({ form, saved, onChange, errorOf, hint }: FieldsProps & { hint: ReactNode }) {
  const { auth: texts } = usePageTexts();
  const isKept = hasKeyInPlace(form, saved);
  const write = (place: number, part: Partial<HeaderForm>) =>
    onChange({ headers: form.headers.map((header, other) => (other === place ? { ...header, ...part } : header)) });
  return (
    <>
      {form.headers.map((header, place) => (
        <div key={place} role="group" aria-label={texts.header(place + 1)} className={styles.header}>
          <TextField
            label={texts.headerOf(place + 1)} value={header.name} maxLength={128} placeholder="X-Api-Key"
            error={place === 0 ? errorOf("headers") : undefined} onChange={(name) => write(place, { name })}
          />
          {!form.perUser && (
            <TextField
              label={texts.valueOf(place + 1)} value={header.value} type="password" autoComplete="off"
              placeholder={isKept ? texts.hidden : ""} onChange={(value) => write(place, { value })}
            />
          )}
          <Button
            kind="quiet" aria-label={texts.removeHeader(place + 1)} isDisabled={form.headers.length === 1}
            onPress={() => onChange({ headers: form.headers.filter((_, other) => other !== place) })}
          >
            ✕
          </Button>
        </div>
      ))}
      {hint !== "" && <p className={styles.hint}>{hint}</p>}
      <div>
        <Button
          isDisabled={form.headers.length >= MAX_HEADERS}
          onPress={() => onChange({ headers: [...form.headers, { name: "", value: "" }] })}
        >
          {texts.addHeader}
        </Button>
      </div>
    </>
  );
}
