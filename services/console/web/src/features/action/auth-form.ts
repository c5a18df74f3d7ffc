import type { components } from "@/api/generated";

type Schemas = components["schemas"];
export type CredentialBody =
  | Schemas["NoneBody"] | Schemas["BasicBody"] | Schemas["BearerBody"] | Schemas["CustomBody"]
  | Schemas["QueryBody"];

export type Method = "none" | "api_key";
export type Placement = "basic" | "bearer" | "custom" | "query";

/** What is entered in the form, for every way of signing in at once: nothing is lost by a change. */
export interface AuthForm {
  method: Method;
  placement: Placement;
  key: string;
  username: string;
  password: string;
  name: string;
}

export const EMPTY_AUTH: AuthForm = {
  method: "none", placement: "bearer", key: "", username: "", password: "", name: "",
};

/** What is sent, or null while something is missing. */
export function bodyOf(form: AuthForm): CredentialBody | null {
  if (form.method === "none") return { type: "none" };
  switch (form.placement) {
    case "basic":
      return form.username === ""
        ? null
        : { type: "api_key", placement: "basic", username: form.username, password: form.password };
    case "bearer":
      return form.key === "" ? null : { type: "api_key", placement: "bearer", token: form.key };
    case "custom":
    case "query":
      return form.key === "" || form.name === ""
        ? null
        : { type: "api_key", placement: form.placement, name: form.name, value: form.key };
  }
}
