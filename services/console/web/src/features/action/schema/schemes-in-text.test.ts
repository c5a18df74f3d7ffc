import { expect, test } from "vitest";
import { schemesInText } from "./schemes-in-text";

const YAML = `openapi: 3.1.0
info:
  title: T
components:
  # where it says how to sign in
  securitySchemes:
    "key":
      type: apiKey
      in: 'header'
      name: X-Key # a name

    login:
      type: oauth2
      description: >-
        A text of
        two lines
      flows:
        authorizationCode:
          authorizationUrl: https://p.example/authorize?a=b#c
          tokenUrl: "https://p.example/token"
          scopes: {read: Reads, "pets:write": 'It''s writing'}
# not indented, and no end
    other: {type: http, scheme: bearer}
  schemas:
    Pet: {type: object}
paths: {}
`;

test("the security schemes of YAML are read, whatever stands around them", () => {
  expect(schemesInText(YAML)).toEqual({
    key: { type: "apiKey", in: "header", name: "X-Key" },
    login: {
      type: "oauth2", description: undefined,
      flows: {
        authorizationCode: {
          authorizationUrl: "https://p.example/authorize?a=b#c", tokenUrl: "https://p.example/token",
          scopes: { read: "Reads", "pets:write": "It's writing" },
        },
      },
    },
    other: { type: "http", scheme: "bearer" },
  });
});

test("Swagger 2.0 has them at the top", () => {
  expect(schemesInText("swagger: '2.0'\nsecurityDefinitions:\n  key: {type: basic}\npaths: {}\n")).toEqual({ key: { type: "basic" } });
});

test("JSON is read as JSON", () => {
  const schemes = { key: { type: "http", scheme: "bearer" } };

  expect(schemesInText(JSON.stringify({ components: { securitySchemes: schemes } }, null, 2))).toEqual(schemes);
  expect(schemesInText(JSON.stringify({ swagger: "2.0", securityDefinitions: schemes }))).toEqual(schemes);
});

test.each(["", "openapi: 3.1.0\n", "{", '{"components": null}', "securitySchemes:", "securitySchemes: [a]\n", "securitySchemes:\n  - a\n"])(
  "a text without any has none: %j", (text) => {
    expect(schemesInText(text)).toBeUndefined();
  },
);
