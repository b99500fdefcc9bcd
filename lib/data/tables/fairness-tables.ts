import type { DataFile } from "../files/data-file";

/** How the columns of a table are read: as numbers, or as names of categories. */
export type ColumnKinds = Readonly<Record<string, "number" | "name">>;

/** A row of a table, under the names of its columns. */
export type RowOf<C extends ColumnKinds> = {
  readonly [K in keyof C]: C[K] extends "number" ? number : string;
};

const UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/";

const fairnessFile = (name: string, columns: number, sha256: string, mirrors: readonly string[]): DataFile =>
  ({ name: `fairness/${name}`, mirrors, content: { kind: "table", columns, sha256 } });

export const ADULT_COLUMNS = {
  "age": "number", "workclass": "name", "fnlwgt": "number", "education": "name", "education-num": "number",
  "marital-status": "name", "occupation": "name", "relationship": "name", "race": "name", "sex": "name",
  "capital-gain": "number", "capital-loss": "number", "hours-per-week": "number", "native-country": "name",
  "income": "name",
} as const satisfies ColumnKinds;

export const ADULT_TRAIN = fairnessFile("adult-train.csv.gz", 15,
  "b43511ac80486a00e4f35d1c3d76a3cec2c89246510a76a4e455d7e45d4fb4b9", [`${UCI}adult/adult.data`]);

export const ADULT_TEST = fairnessFile("adult-test.csv.gz", 15,
  "71fd403984ab7267cc109ed0b680d2b449cc09f5a843ba90ca2ac038f1e51f79", [`${UCI}adult/adult.test`]);

/** Beside the source's columns, `sex`, which the source has inside `personal status`. */
export const GERMAN_COLUMNS = {
  "checking account": "name", "duration (months)": "number", "credit history": "name", "purpose": "name",
  "credit amount": "number", "savings": "name", "employed since": "name", "instalment rate": "number",
  "personal status": "name", "other debtors": "name", "residence since": "number", "property": "name",
  "age": "number", "other instalments": "name", "housing": "name", "credits here": "number", "job": "name",
  "dependants": "number", "telephone": "name", "foreign worker": "name", "credit": "name", "sex": "name",
} as const satisfies ColumnKinds;

/** What the codes of German credit mean. */
export const GERMAN_CODES: Readonly<Record<string, string>> = {
  A11: "below 0 DM", A12: "0 to 200 DM", A13: "200 DM or more", A14: "none",
  A30: "no credits taken", A31: "all at this bank paid", A32: "paid till now", A33: "delays in the past",
  A34: "critical account",
  A40: "new car", A41: "used car", A42: "furniture", A43: "radio or television", A44: "appliances", A45: "repairs",
  A46: "education", A47: "holiday", A48: "retraining", A49: "business", A410: "other",
  A61: "below 100 DM", A62: "100 to 500 DM", A63: "500 to 1000 DM", A64: "1000 DM or more", A65: "unknown or none",
  A71: "unemployed", A72: "below 1 year", A73: "1 to 4 years", A74: "4 to 7 years", A75: "7 years or more",
  A91: "divorced or separated man", A92: "divorced, separated or married woman", A93: "single man",
  A94: "married or widowed man", A95: "single woman",
  A101: "none", A102: "co-applicant", A103: "guarantor",
  A121: "real estate", A122: "savings agreement or life insurance", A123: "car or other", A124: "unknown or none",
  A141: "bank", A142: "stores", A143: "none", A151: "rent", A152: "own", A153: "for free",
  A171: "unskilled, not resident", A172: "unskilled, resident", A173: "skilled", A174: "highly qualified",
  A191: "none", A192: "yes", A201: "yes", A202: "no",
};

/** The codes of `personal status` that mean a woman. */
export const GERMAN_WOMEN: readonly string[] = ["A92", "A95"];

export const GERMAN_CREDIT = fairnessFile("german.csv", 21,
  "60b528770b3264cb3f48bac0c750cb87a02ba29c5b41b94cf2f4bf0ce452dc5e", [`${UCI}statlog/german/german.data`]);

/** `days_b_screening_arrest`, which only the filter of rows uses, is left out. */
export const COMPAS_COLUMNS = {
  sex: "name", age: "number", age_cat: "name", race: "name", juv_fel_count: "number", juv_misd_count: "number",
  juv_other_count: "number", priors_count: "number", c_charge_degree: "name", decile_score: "number",
  score_text: "name", is_recid: "number", two_year_recid: "number",
} as const satisfies ColumnKinds;

/** A part of ProPublica's table, which no address serves in this form. */
export const COMPAS = fairnessFile("compas-two-years.csv", 14,
  "c216177807be95ad34d9fffdf9c0bc2e9af29556d632d3d7fe8b9c8d4299b254", []);
