export { grayImages } from "./gray-images";
export { orientationFeatures, type OrientationOptions } from "./orientation";
export { patchFeatures, type PatchFeaturesOptions } from "./patch-features";
export { binarizeImages, poolImages, rescaleImages } from "./pixels";
export { resizedImages, type ResizedImagesOptions } from "./resized-images";
export { scatteringFeatures, type ScatteringOptions } from "./scattering";
export { imageViews, type ViewOptions } from "./views";
export type { WarpSpread } from "./warp";
export { warpedCopies, type WarpedCopiesOptions } from "./warped-copies";
