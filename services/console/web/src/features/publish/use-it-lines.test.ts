import { expect, test } from "vitest";
import { linesFor } from "./use-it-lines";

const TARGET = { origin: "http://127.0.0.1:8080", gptId: "gpt_1", operation: "getWeather" };

test("a quote in an argument ends no word of the shell", () => {
  const lines = linesFor("cli", { ...TARGET, args: { city: "L'Aquila" } });

  expect(lines).toContain(`--arguments '{"city":"L'\\''Aquila"}' --url`);
});

test("arguments are written as Python writes them", () => {
  const args = { on: true, off: false, none: null, many: [1, "a"], in: { text: 'say "no"' } };

  expect(linesFor("python", { ...TARGET, args })).toContain(
    `platform.invoke("gpt_1", "getWeather", {"on": True, "off": False, "none": None, "many": [1, "a"], "in": {"text": "say \\"no\\""}})`,
  );
});
