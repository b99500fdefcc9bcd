export * from "./active";
export * from "./bisection";
export * from "./jacobian";
export * from "./strategy";
