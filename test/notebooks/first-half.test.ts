import { runHalf } from "./running";

runHalf(0);
