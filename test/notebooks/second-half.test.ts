import { runHalf } from "./running";

runHalf(1);
