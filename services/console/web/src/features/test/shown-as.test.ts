import { expect, test } from "vitest";
import { columnsOf, imageOf, kindOfFile, rowsOf, tableOf, waysOf } from "./shown-as";

test("a list of objects is a tree and a table", () => {
  expect(waysOf([{ id: 1 }, { id: 2 }], "application/json")).toEqual(["tree", "table", "text"]);
});

test("the only list of an object is its table", () => {
  expect(rowsOf({ total: 1, items: [{ id: 1 }] })).toEqual([{ id: 1 }]);
  expect(rowsOf({ pets: [{ id: 1 }], toys: [{ id: 2 }] })).toBeNull();
});

test("an empty list and a list of texts make no table", () => {
  expect([rowsOf([]), rowsOf(["a"])]).toEqual([null, null]);
});

test("columns are the members of all rows, each once", () => {
  expect(columnsOf([{ a: 1 }, { b: 2, a: 3 }])).toEqual(["a", "b"]);
});

test("a table shows 200 rows and 50 columns at most, and says how much it leaves out", () => {
  const hostile = [Object.fromEntries(Array.from({ length: 7_000 }, (_, number) => [`k${number}`, 1]))];
  const wide = tableOf(hostile);
  expect([wide.columns.length, wide.moreColumns, wide.moreRows]).toEqual([50, 6_950, 0]);
  const long = tableOf(Array.from({ length: 1_000 }, (_, id) => ({ id })));
  expect([long.rows.length, long.moreRows, long.moreColumns]).toEqual([200, 800, 0]);
});

test("a picture in base64 is shown as one, and HTML is text", () => {
  expect(imageOf("aGk=", "image/png")).toBe("data:image/png;base64,aGk=");
  expect(waysOf("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")).toEqual(["text"]);
  expect(waysOf("<img src=x onerror=alert(1)>", "text/html")).toEqual(["text"]);
  expect(imageOf("data:text/html;base64,aGk=", "application/json")).toBeNull();
});

test("an answer that is no text is named by type and size, and an image as one", () => {
  expect(kindOfFile("image/PNG; q=1", 2048)).toEqual({ isImage: true, about: "image/png, 2048 B" });
  expect(kindOfFile("application/pdf", null)).toEqual({ isImage: false, about: "application/pdf" });
  expect(kindOfFile(null, undefined)).toEqual({ isImage: false, about: "" });
});
