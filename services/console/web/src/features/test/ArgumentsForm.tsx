import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { Select } from "@/components/Select";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import { type ArgumentField, fieldsOf, type JsonSchema, missingOf, readArguments, type TypedArguments } from "./argument-fields";

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
  const [wasTried, setTried] = useState(false);
  const { args, unreadable } = readArguments(fields, typed);
  const missing = missingOf(fields, typed);
  const call = () => {
    setTried(true);
    if (missing.length === 0 && unreadable.length === 0) onCall(args);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isConsequential) call();
  };
  return (
    <Form onSubmit={submit} validationBehavior="aria">
      {fields.length === 0 && <p>{texts.noArguments}</p>}
      {fields.map((field) => (
        <Field
          key={field.name} field={field} text={typed[field.name] ?? ""}
          isUnreadable={unreadable.includes(field.name)} isMissing={wasTried && missing.includes(field.name)}
          onChange={(text) => setTyped({ ...typed, [field.name]: text })}
        />
      ))}
      <Button
        kind="primary" isPending={isPending} isDisabled={unreadable.length > 0}
        {...(isConsequential ? { onPress: call } : { type: "submit" as const })}
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
  isMissing: boolean;
  onChange: (text: string) => void;
}

function Field({ field, text, isUnreadable, isMissing, onChange }: FieldProps) {
  const { test: texts } = usePageTexts();
  const label = field.isRequired ? field.name : texts.optional(field.name);
  if (field.kind === "choice" || field.kind === "boolean") {
    const options = field.kind === "boolean"
      ? [["true", "true"], ["false", "false"]] as const
      : field.options.map((option, place) => [String(place), String(option)] as const);
    const leftOut = field.isRequired ? [] : [["", texts.leaveOut] as const];
    return (
      <div>
        <Select label={label} value={text} options={[...leftOut, ...options]} onChange={onChange} />
        {isMissing && <p role="alert">{texts.required}</p>}
      </div>
    );
  }
  const hint = [field.description, field.kind === "json" ? texts.jsonHint(field.example) : ""].filter((part) => part !== "").join(" ");
  return (
    <TextField
      label={label} value={text} hint={hint === "" ? undefined : hint}
      isRequired={field.isRequired} multiline={field.kind === "json"} onChange={onChange}
      placeholder={field.default === undefined ? undefined : JSON.stringify(field.default)}
      error={isUnreadable ? texts.unreadable[field.kind] : isMissing ? texts.required : undefined}
    />
  );
}
