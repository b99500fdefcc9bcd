export * from "./bisection";
export * from "./strategy";
