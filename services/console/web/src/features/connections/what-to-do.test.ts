import { expect, test } from "vitest";
import { de } from "@/texts/authentication-de";
import { en } from "@/texts/authentication-en";
import { whatToDo } from "./what-to-do";

const ended = (why: string, kind: "oauth" | "key" = "oauth") => ({ why, kind, what_to_do: "Said by the API." });

test.each([
  [ended("refused"), "Log in again to use it."],
  [ended("settings_changed", "key"), "Enter a key again to use it."],
  [ended("origins_changed"), "Log in again to use it. Go on only if you trust the new address."],
  [ended("gave_up"), "Log in again; if that fails, tell whoever builds the GPT."],
  [ended("action_removed"), "Nothing is to be done: it cannot be used any more."],
])("each ending has a next step: %j", (connection, sentence) => {
  expect(whatToDo(connection, en.connections)).toBe(sentence);
});

test("of an ending that these pages do not know, the API says what to do", () => {
  expect(whatToDo(ended("of_a_later_release"), de.connections)).toBe("Said by the API.");
});
