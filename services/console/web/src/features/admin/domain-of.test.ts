import { expect, test } from "vitest";
import { domainOf, isDomain } from "./domain-of";

test.each([
  ["https://api.example.org:8443/v1", "api.example.org"],
  [" Example.ORG ", "example.org"],
  ["example.org.", "example.org"],
  ["api.example.org/v1?x=1", "api.example.org"],
  ["http://user@bücher.example/", "xn--bcher-kva.example"],
  ["*.example.org", "*.example.org"],
])("%s means %s", (pasted, domain) => {
  expect(domainOf(pasted)).toBe(domain);
});

test.each([["api.example.org", true], ["192.0.2.1", true], ["[::1]", true], ["localhost", true], ["not a domain", false], ["a..b", false], ["%22quoted", false], ["", false]])(
  "whether %s can be a domain: %s",
  (text, is) => expect(isDomain(domainOf(text))).toBe(is),
);
