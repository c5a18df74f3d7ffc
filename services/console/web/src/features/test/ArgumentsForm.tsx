import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { Select } from "@/components/Select";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import { type ArgumentField, fieldsOf, type JsonSchema, readArguments, type TypedArguments } from "./argument-fields";

interface Props {
  schema: JsonSchema;
  isPending: boolean;
  /** It changes something: then Enter does not call. */
  isConsequential: boolean;
  onCall: (args: Record<string, unknown>) => void;
}

export function ArgumentsForm({ schema, isPending, isConsequential, onCall }: Props) {
  const { test: texts } = usePageTexts();
  const [typed, setTyped] = useState<TypedArguments>({});
  const fields = fieldsOf(schema);
  const { args, unreadable } = readArguments(fields, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isConsequential && unreadable.length === 0) onCall(args);
  };
  return (
    <Form onSubmit={submit}>
      {fields.length === 0 && <p>{texts.noArguments}</p>}
      {fields.map((field) => (
        <Field
          key={field.name} field={field} text={typed[field.name] ?? ""}
          isUnreadable={unreadable.includes(field.name)}
          onChange={(text) => setTyped({ ...typed, [field.name]: text })}
        />
      ))}
      <Button
        kind="primary" isPending={isPending} isDisabled={unreadable.length > 0}
        {...(isConsequential ? { onPress: () => onCall(args) } : { type: "submit" as const })}
      >
        {texts.call}
      </Button>
    </Form>
  );
}

interface FieldProps {
  field: ArgumentField;
  text: string;
  isUnreadable: boolean;
  onChange: (text: string) => void;
}

function Field({ field, text, isUnreadable, onChange }: FieldProps) {
  const { test: texts } = usePageTexts();
  const label = field.isRequired ? field.name : texts.optional(field.name);
  if (field.kind === "choice" || field.kind === "boolean") {
    const options = field.kind === "boolean"
      ? [["true", "true"], ["false", "false"]] as const
      : field.options.map((option, place) => [String(place), String(option)] as const);
    const leftOut = field.isRequired ? [] : [["", texts.leaveOut] as const];
    return <Select label={label} value={text} options={[...leftOut, ...options]} onChange={onChange} />;
  }
  return (
    <TextField
      label={label} value={text} hint={field.description === "" ? undefined : field.description}
      isRequired={field.isRequired} multiline={field.kind === "json"} onChange={onChange}
      placeholder={field.default === undefined ? undefined : JSON.stringify(field.default)}
      error={isUnreadable ? texts.unreadable[field.kind] : undefined}
    />
  );
}
