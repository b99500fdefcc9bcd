export * from "./number";
