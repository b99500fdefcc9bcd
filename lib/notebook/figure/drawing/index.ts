import { type BlackBoxDrawingOptions, blackBox } from "./black-box";
import { type BoundaryDrawingOptions, boundary } from "./boundary";
import { type NoiseSphereOptions, noiseSphere } from "./noise-sphere";
import { type TreeDrawingOptions, tree } from "./tree";
import { type TrunkAndHeadOptions, trunkAndHead } from "./trunk-and-head";
import { type TwoWorldsOptions, twoWorlds } from "./two-worlds";

export type {
  BlackBoxDrawingOptions, BoundaryDrawingOptions, NoiseSphereOptions, TreeDrawingOptions, TrunkAndHeadOptions,
  TwoWorldsOptions,
};

/** Drawings that explain an idea before the first experiment. */
export const drawings = { blackBox, boundary, noiseSphere, tree, trunkAndHead, twoWorlds };
